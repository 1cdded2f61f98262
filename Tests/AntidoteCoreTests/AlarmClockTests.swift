import AntidoteTesting
import Testing

@testable import AntidoteCore

@Suite("Alarms", .timeLimit(.minutes(1)))
struct AlarmClockTests {
    private let clock = ManualClock()

    private func makeAlarms() -> AlarmClock {
        let time = clock.timeSource
        return AlarmClock(uptime: time.uptime, sleep: time.sleep)
    }

    @Test func theyRingInOrderAndOnce() async {
        let alarms = makeAlarms()
        let (rung, ringing) = AsyncStream.makeStream(of: String.self)
        for (name, delay) in [("late", 3), ("early", 1), ("middle", 2)] {
            _ = alarms.set(after: .seconds(delay)) { ringing.yield(name) }
        }
        var iterator = rung.makeAsyncIterator()
        for name in ["early", "middle", "late"] {
            await clock.waitForSleepers(1)
            clock.advance(by: .seconds(1))
            #expect(await iterator.next() == name)
        }
        #expect(alarms.count == 0)
    }

    @Test func whatIsCalledOffDoesNotRing() async {
        let alarms = makeAlarms()
        let (rung, ringing) = AsyncStream.makeStream(of: String.self)
        let first = alarms.set(after: .seconds(1)) { ringing.yield("first") }
        _ = alarms.set(after: .seconds(2)) { ringing.yield("second") }
        alarms.callOff(first)
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(5))
        var iterator = rung.makeAsyncIterator()
        #expect(await iterator.next() == "second")
        #expect(alarms.count == 0)
    }

    @Test func aSoonerOneIsNotKeptWaiting() async {
        let alarms = makeAlarms()
        let (rung, ringing) = AsyncStream.makeStream(of: String.self)
        _ = alarms.set(after: .seconds(100)) { ringing.yield("later") }
        await clock.waitForSleepers(1)
        _ = alarms.set(after: .seconds(1)) { ringing.yield("sooner") }
        await clock.waitForSleepers(2)
        clock.advance(by: .seconds(1))
        var iterator = rung.makeAsyncIterator()
        #expect(await iterator.next() == "sooner")
        #expect(alarms.count == 1)
    }

    @Test func manySoonOnesUnderALateOneLeaveNoSleepers() async {
        let alarms = makeAlarms()
        _ = alarms.set(after: .seconds(1000)) {}
        for _ in 0..<20 {
            let (rung, ringing) = AsyncStream.makeStream(of: Void.self)
            _ = alarms.set(after: .seconds(1)) { ringing.finish() }
            await clock.waitForSleepers(2)
            clock.advance(by: .seconds(1))
            for await _ in rung {}
        }
        #expect(alarms.sleeping == 1)
    }

    @Test func thousandsThatAreCalledOffAreForgotten() {
        let alarms = makeAlarms()
        for _ in 0..<10_000 { alarms.callOff(alarms.set(after: .seconds(30)) {}) }
        #expect(alarms.count == 0)
        #expect(alarms.remembered < 2048)
    }

    @Test func aDeadlineCancelsAndIsNamed() async {
        let late = AntidoteError(.deadlineExceeded, "late")
        let error = await #expect(throws: AntidoteError.self) {
            try await TimeSource.system.withDeadline(.milliseconds(20), onTimeout: late) {
                try await Task.sleep(for: .seconds(60))
            }
        }
        #expect(error?.code == .deadlineExceeded)
    }

    @Test func whoeverIsCancelledCancelsWhatItWaitsFor() async throws {
        let time = TimeSource.system
        let late = AntidoteError(.deadlineExceeded, "late")
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            try await time.withDeadline(.seconds(60), onTimeout: late) {
                beginning.yield()
                try await Task.sleep(for: .seconds(60))
            }
        }
        for await _ in began { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func aShieldIsNotReachedByCancellationButByItsLimit() async {
        let time = TimeSource.system
        let late = AntidoteError(.storeUnavailable, "late")
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            let value = try await time.shielded(atMost: .seconds(30), onTimeout: late) {
                await Task.yield()
                try Task.checkCancellation()
                return 7
            }
            #expect(value == 7)
            try await time.shielded(atMost: .milliseconds(20), onTimeout: late) {
                try await Task.sleep(for: .seconds(60))
            }
        }
        let error = await #expect(throws: AntidoteError.self) { try await task.value }
        #expect(error?.code == .storeUnavailable)
    }
}
