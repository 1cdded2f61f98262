import ConcurrencyKit
import Synchronization
import Testing

@Suite("Blocking threads", .timeLimit(.minutes(1)))
struct BlockingThreadTests {
    /// An actor on a thread, as a driver would write it.
    private actor Blocker {
        nonisolated var unownedExecutor: UnownedSerialExecutor { owner.thread.asUnownedSerialExecutor() }
        nonisolated let owner: BlockingThreadOwner
        private var calls = 0

        init() throws { owner = try BlockingThreadOwner() }

        func call() -> Int {
            calls += 1
            return calls
        }

        /// Blocks until another job is enqueued after `isBlocking` is set.
        func block(_ isBlocking: Flag) -> WakePipe.Outcome {
            // Takes the wake of this very job.
            _ = owner.thread.wakePipe.wait(until: .now)
            isBlocking.set()
            return owner.thread.wakePipe.wait(until: .now.advanced(by: .seconds(30)))
        }
    }

    @Test func `calls run one after another on the thread`() async throws {
        let blocker = try Blocker()
        let numbers = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<100 { group.addTask { await blocker.call() } }
            return await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(numbers == Set(1...100))
    }

    @Test func `another call wakes a job that waits on the pipe`() async throws {
        let blocker = try Blocker()
        let isBlocking = Flag()
        async let outcome = blocker.block(isBlocking)
        while !isBlocking.isSet { await Task.yield() }
        _ = await blocker.call()
        #expect(await outcome == .woken)
    }

    @Test func `a wake before the wait is kept, and several count as one`() throws {
        let pipe = try WakePipe()
        pipe.wake()
        pipe.wake()
        #expect(pipe.wait() == .woken)
        #expect(pipe.wait(until: .now.advanced(by: .milliseconds(5))) == .timedOut)
    }
}

@Suite("Request batchers", .timeLimit(.minutes(1)))
struct RequestBatcherTests {
    private struct Refused: Error {}

    /// Answers each number with its double; a negative one spoils its batch.
    private func makeBatcher(
        _ sizes: Recorder,
        until gate: AsyncStream<Void>? = nil
    ) -> RequestBatcher<Int, Int> {
        let isRefused: @Sendable (any Error) -> Bool = { $0 is Refused }
        return RequestBatcher(largest: 10, atOnce: 1, mayBeOfOne: isRefused) { numbers in
            sizes.values.withLock { $0.append(numbers.count) }
            if let gate { for await _ in gate { break } }
            if numbers.contains(where: { $0 < 0 }) { throw Refused() }
            return numbers.map { .success(2 * $0) }
        }
    }

    private final class Recorder: Sendable {
        let values = Mutex<[Int]>([])
    }

    @Test func `requests that come during a batch share the next one`() async throws {
        let sizes = Recorder()
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let batcher = makeBatcher(sizes, until: gate)
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask { try await batcher.submit(0) }
            while sizes.values.withLock({ $0.isEmpty }) { await Task.yield() }
            for number in 1...5 { group.addTaskAtOnce { try await batcher.submit(number) } }
            opening.finish()
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(answers == [0, 2, 4, 6, 8, 10])
        #expect(sizes.values.withLock { $0 } == [1, 5])
    }

    @Test func `a refused request spoils no other one of its batch`() async throws {
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let sizes = Recorder()
        let batcher = makeBatcher(sizes, until: gate)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await batcher.submit(0) }
            while sizes.values.withLock({ $0.isEmpty }) { await Task.yield() }
            for number in [1, -1, 2] {
                group.addTaskAtOnce {
                    #expect((try? await batcher.submit(number)) == (number < 0 ? nil : 2 * number))
                }
            }
            opening.finish()
            try await group.waitForAll()
        }
        #expect(sizes.values.withLock { $0 } == [1, 3, 1, 1, 1])
    }
}
