import Synchronization

/// Collects the requests that come while a batch is being performed into the next batch, so that many callers share one
/// transaction under load and none waits without load.
package final class RequestBatcher<Request: Sendable, Answer: Sendable>: Sendable {
    package typealias Perform = @Sendable ([Request]) async throws -> [Result<Answer, any Error>]

    private struct Entry {
        var request: Request
        var waiter: Waiter<Answer>
    }

    private struct State {
        var waiting = Queue<Entry>()
        var running = 0
    }

    private let largest: Int
    private let atOnce: Int
    private let mayBeOfOne: @Sendable (any Error) -> Bool
    private let perform: Perform
    private let state = Mutex(State())

    /// - Parameters:
    ///   - largest: The most requests in a batch.
    ///   - atOnce: The most batches at the same time.
    ///   - mayBeOfOne: Whether an error of a batch may be the fault of one request, so that the others succeed without it.
    ///     Then each is tried alone.
    ///   - perform: Answers each request of a batch, in order.
    package init(
        largest: Int,
        atOnce: Int,
        mayBeOfOne: @escaping @Sendable (any Error) -> Bool,
        perform: @escaping Perform
    ) {
        self.largest = largest
        self.atOnce = atOnce
        self.mayBeOfOne = mayBeOfOne
        self.perform = perform
    }

    /// Returns the answer to `request`. A cancelled caller does not wait for it; whether it is performed is then unknown.
    package func submit(_ request: Request) async throws -> Answer {
        try Task.checkCancellation()
        let waiter = Waiter<Answer>()
        let batches = state.withLock { state in
            state.waiting.append(Entry(request: request, waiter: waiter))
            return takeBatches(&state)
        }
        for batch in batches { start(batch) }
        return try await waiter.value()
    }

    private func takeBatches(_ state: inout State) -> [[Entry]] {
        var batches: [[Entry]] = []
        while state.running < atOnce, !state.waiting.isEmpty {
            batches.append(state.waiting.popFirst(largest))
            state.running += 1
        }
        return batches
    }

    private func start(_ batch: [Entry]) {
        // Unstructured: it belongs to several callers, and must not end with the first one that is cancelled.
        Task {
            var next = batch
            while !next.isEmpty {
                await run(next)
                let batches = state.withLock { state in
                    state.running -= 1
                    return takeBatches(&state)
                }
                for other in batches.dropFirst() { start(other) }
                next = batches.first ?? []
            }
        }
    }

    private func run(_ batch: [Entry]) async {
        let wanted = batch.filter { !$0.waiter.isFinished }
        guard !wanted.isEmpty else { return }
        for (entry, answer) in zip(wanted, await answers(to: wanted.map(\.request))) {
            entry.waiter.resume(with: answer)
        }
    }

    private func answers(to requests: [Request]) async -> [Result<Answer, any Error>] {
        do {
            return try await perform(requests)
        } catch {
            guard requests.count > 1, mayBeOfOne(error) else { return requests.map { _ in .failure(error) } }
        }
        var answers: [Result<Answer, any Error>] = []
        for request in requests {
            do {
                answers += try await perform([request])
            } catch {
                answers.append(.failure(error))
            }
        }
        return answers
    }
}
