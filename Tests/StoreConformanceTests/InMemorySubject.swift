import AntidoteCore
import AntidoteTesting

/// The store within one process, under a clock that stands still.
struct InMemorySubject: StateStoreSubject {
    let name = "in memory"

    func makeStore(limits: AdmissionLimits) async throws -> any StoreUnderTest { Store(limits: limits) }

    private struct Store: StoreUnderTest {
        let clock = ManualClock()
        let store: InMemoryStateStore

        init(limits: AdmissionLimits) {
            store = InMemoryStateStore(time: clock.timeSource, random: .system, limits: limits)
        }

        func connect() async throws -> any StateStore { store }
        func pass(_ duration: Duration) async throws { clock.advance(by: duration) }
        func close() async throws {}
    }
}
