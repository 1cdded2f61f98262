import Testing

@testable import HTTPTransport

@Suite struct EngineLoopTests {
    /// A client whose thread was late for a deadline was of no use any more.
    @Test func aMomentThatHasPassedIsNotWaitedFor() {
        let now = ContinuousClock.now
        #expect(EngineLoop.pause(until: now - .milliseconds(5), now: now) == 0)
        #expect(EngineLoop.pause(until: now, now: now) == 0)
        #expect((1500...1501).contains(EngineLoop.pause(until: now + .milliseconds(1500), now: now)))
        #expect(EngineLoop.pause(until: now + .seconds(86_400 * 365), now: now) == 3_600_000)
        #expect(EngineLoop.pause(until: nil, now: now) == 3_600_000)
    }
}
