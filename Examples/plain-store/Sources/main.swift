import AntidoteCore
import AntidoteTesting

// Asks the conformance suite whether the store does what every store must do, and prints its verdict.
let verdict = try await StateStoreConformance(of: PlainSubject()).run()
print(verdict.text)
if !verdict.holds { fatalError("the store is wrong") }

/// A store of its own for each case, under a clock that the case moves.
struct PlainSubject: StateStoreSubject {
    let name = "plain"

    func makeStore(limits: AdmissionLimits) async throws -> any StoreUnderTest { Tried(limits: limits) }

    private struct Tried: StoreUnderTest {
        let clock = ManualClock()
        let store: PlainStore

        init(limits: AdmissionLimits) {
            store = PlainStore(limits: limits, time: clock.timeSource, random: .system)
        }

        func connect() async throws -> any StateStore { store }
        func pass(_ duration: Duration) async throws { clock.advance(by: duration) }
        func close() async throws {}
    }
}
