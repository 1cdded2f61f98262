import ConcurrencyKit
import Synchronization
import Testing

@Suite("Waiters", .timeLimit(.minutes(1)))
struct WaiterTests {
    @Test func `the first result counts`() async throws {
        let waiter = Waiter<Int>()
        #expect(!waiter.isFinished)
        #expect(waiter.resume(returning: 1))
        #expect(!waiter.resume(returning: 2))
        #expect(waiter.isFinished)
        #expect(try await waiter.value() == 1)
    }

    @Test func `cancelling the waiting task ends the wait`() async {
        let waiter = Waiter<Int>()
        let task = Task { try await waiter.value() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(!waiter.resume(returning: 1))
    }

    @Test func `a value goes to the first task that was not cancelled`() async throws {
        var queue = WaiterQueue<Int>()
        let waiters = (0..<3).map { _ in queue.append() }
        waiters[0].resume(throwing: CancellationError())
        #expect(queue.count == 2)
        let first = queue.handToFirst(7)
        #expect(first != nil)
        first?()
        #expect(try await waiters[1].value() == 7)
        for wakeup in queue.endAll(with: .failure(CancellationError())) { wakeup() }
        await #expect(throws: CancellationError.self) { try await waiters[2].value() }
        #expect(queue.isEmpty)
        let last = queue.handToFirst(8)
        #expect(last == nil)
    }

    /// The handler of the cancelled task waits for the owner's lock, and runs under the runtime's lock of that task.
    @Test func `an owner may hand over a value while the handler of its task waits for the owner's lock`() async {
        for number in 0..<20_000 {
            let owner = Owner()
            let waiting = Task { await owner.wait() }
            let handing = Task { owner.hand(number) }
            waiting.cancel()
            await handing.value
            _ = await waiting.value
        }
    }

    private final class Owner: Sendable {
        private let queue = Mutex(WaiterQueue<Int>())

        func wait() async -> Int? {
            await withTaskCancellationHandler {
                let waiter = queue.withLock { $0.append() }
                return try? await waiter.value()
            } onCancel: {
                let wakeups = queue.withLock { $0.endAll(with: .failure(CancellationError())) }
                for wakeup in wakeups { wakeup() }
            }
        }

        func hand(_ value: Int) {
            let wakeup = queue.withLock { $0.handToFirst(value) }
            wakeup?()
        }
    }

    @Test func `no value is lost to a task that is cancelled at the same time`() async {
        for number in 0..<2000 {
            let waiter = Waiter<Int>()
            let task = Task { try? await waiter.value() }
            async let isHanded = waiter.resume(returning: number)
            task.cancel()
            let received = await task.value
            #expect(await isHanded == (received == number))
        }
    }
}

@Suite struct BackoffTests {
    @Test func `pauses grow to the longest one, and jitter shortens them`() {
        let backoff = Backoff(first: .milliseconds(10), longest: .seconds(1), jitter: 0.5)
        let pauses = [10, 20, 40, 80, 160, 320, 640, 1000, 1000].map(Duration.milliseconds)
        #expect((1...9).map { backoff.pause(before: $0) } == pauses)
        #expect(backoff.pause(before: 1, random: 1) == .milliseconds(5))
        #expect(backoff.pause(before: .max, random: 0) == .seconds(1))
        #expect(backoff.pause(before: 0) == .milliseconds(10))
    }
}
