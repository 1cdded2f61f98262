import AntidoteCore
import AntidoteTesting
import ConcurrencyKit
import Testing

@Suite("Timers", .timeLimit(.minutes(1)))
struct TimerQueueTests {
    private let clock = ManualClock()

    private func makeTimers() -> TimerQueue {
        let time = clock.timeSource
        return TimerQueue(uptime: time.uptime, sleep: time.sleep)
    }

    @Test func theyRingInOrderAndOnce() async {
        let timers = makeTimers()
        let (rung, ringing) = AsyncStream.makeStream(of: String.self)
        for (name, delay) in [("late", 3), ("early", 1), ("middle", 2)] {
            _ = timers.set(after: .seconds(delay)) { ringing.yield(name) }
        }
        var iterator = rung.makeAsyncIterator()
        for name in ["early", "middle", "late"] {
            await clock.waitForSleepers(1)
            clock.advance(by: .seconds(1))
            #expect(await iterator.next() == name)
        }
        #expect(timers.count == 0)
    }

    @Test func whatIsCalledOffDoesNotRing() async {
        let timers = makeTimers()
        let (rung, ringing) = AsyncStream.makeStream(of: String.self)
        let first = timers.set(after: .seconds(1)) { ringing.yield("first") }
        _ = timers.set(after: .seconds(2)) { ringing.yield("second") }
        timers.cancel(first)
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(5))
        var iterator = rung.makeAsyncIterator()
        #expect(await iterator.next() == "second")
        #expect(timers.count == 0)
    }

    @Test func aSoonerOneIsNotKeptWaiting() async {
        let timers = makeTimers()
        let (rung, ringing) = AsyncStream.makeStream(of: String.self)
        _ = timers.set(after: .seconds(100)) { ringing.yield("later") }
        await clock.waitForSleepers(1)
        _ = timers.set(after: .seconds(1)) { ringing.yield("sooner") }
        await clock.waitForSleepers(2)
        clock.advance(by: .seconds(1))
        var iterator = rung.makeAsyncIterator()
        #expect(await iterator.next() == "sooner")
        #expect(timers.count == 1)
    }

    @Test func manySoonOnesUnderALateOneLeaveNoSleepers() async {
        let timers = makeTimers()
        _ = timers.set(after: .seconds(1000)) {}
        for _ in 0..<20 {
            let (rung, ringing) = AsyncStream.makeStream(of: Void.self)
            _ = timers.set(after: .seconds(1)) { ringing.finish() }
            await clock.waitForSleepers(2)
            clock.advance(by: .seconds(1))
            for await _ in rung {}
        }
        #expect(timers.sleeping == 1)
    }

    @Test func thousandsThatAreCalledOffAreForgotten() {
        let timers = makeTimers()
        for _ in 0..<10_000 { timers.cancel(timers.set(after: .seconds(30)) {}) }
        #expect(timers.count == 0)
        #expect(timers.remembered < 2048)
    }
}
