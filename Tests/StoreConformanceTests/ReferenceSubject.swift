import AntidoteCore
import AntidoteTesting
import ReferenceModel

/// The reference store, under a clock that stands still.
struct ReferenceSubject: StateStoreSubject {
    let name = "reference"

    func makeStore(limits: AdmissionLimits) async throws -> any StoreUnderTest { Store(limits: limits) }

    private struct Store: StoreUnderTest {
        let clock = ManualClock()
        let store: ReferenceStore

        init(limits: AdmissionLimits) {
            store = ReferenceStore(time: clock.timeSource, random: .system, limits: limits)
        }

        func connect() async throws -> any StateStore { store }
        func pass(_ duration: Duration) async throws { clock.advance(by: duration) }
        func close() async throws {}
    }
}
