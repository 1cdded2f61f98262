import AntidoteCore
import PostgresClient
import Synchronization

/// Gathers what comes while a batch is on its way into the next one, so that many callers share a transaction under load,
/// and nobody waits when there is none.
final class BatchGate<Request: Sendable, Answer: Sendable>: Sendable {
    typealias Perform = @Sendable ([Request]) async throws -> [Result<Answer, any Error>]

    private struct Entry {
        var request: Request
        var waiter: CheckedContinuation<Answer, any Error>?
    }

    private struct State {
        var entries: [Int: Entry] = [:]
        /// In their order; who has left is still in it.
        var waiting: [Int] = []
        var last = 0
        var running = 0
    }

    private let largest: Int
    private let atOnce: Int
    private let perform: Perform
    private let state = Mutex(State())

    /// - Parameters:
    ///   - largest: How many requests a batch has at most.
    ///   - atOnce: How many batches are on their way at most.
    ///   - perform: Answers each request of a batch, in order. If it throws, each is tried alone, unless that cannot help.
    init(largest: Int, atOnce: Int, perform: @escaping Perform) {
        self.largest = largest
        self.atOnce = atOnce
        self.perform = perform
    }

    /// The answer to `request`. When the caller is cancelled it is not waited for; whether it is done then is unknown.
    func submit(_ request: Request) async throws -> Answer {
        try Task.checkCancellation()
        let number = state.withLock { state in
            state.last += 1
            state.entries[state.last] = Entry(request: request)
            return state.last
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let batches = state.withLock { state -> [[Int]]? in
                    // Whoever was cancelled before this is not there any more.
                    guard state.entries[number] != nil else { return nil }
                    state.entries[number]?.waiter = continuation
                    state.waiting.append(number)
                    return takeBatches(&state)
                }
                guard let batches else { return continuation.resume(throwing: CancellationError()) }
                for batch in batches { start(batch) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.entries.removeValue(forKey: number)?.waiter }
            waiter?.resume(throwing: CancellationError())
        }
    }

    private func takeBatches(_ state: inout State) -> [[Int]] {
        var batches: [[Int]] = []
        while state.running < atOnce, !state.waiting.isEmpty {
            let batch = Array(state.waiting.prefix(largest))
            state.waiting.removeFirst(batch.count)
            state.running += 1
            batches.append(batch)
        }
        return batches
    }

    private func start(_ batch: [Int]) {
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

    private func run(_ batch: [Int]) async {
        let (numbers, requests) = state.withLock { state in
            // Who has left meanwhile does not want it any more.
            let numbers = batch.filter { state.entries[$0] != nil }
            return (numbers, numbers.compactMap { state.entries[$0]?.request })
        }
        guard !requests.isEmpty else { return }
        for (number, answer) in zip(numbers, await answers(to: requests)) {
            state.withLock { $0.entries.removeValue(forKey: number)?.waiter }?.resume(with: answer)
        }
    }

    private func answers(to requests: [Request]) async -> [Result<Answer, any Error>] {
        do {
            return try await perform(requests)
        } catch {
            guard requests.count > 1, Self.mayBeOfOne(error) else { return requests.map { _ in .failure(error) } }
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

    /// Whether the failure may be the fault of one request, so that the others succeed without it.
    private static func mayBeOfOne(_ error: any Error) -> Bool {
        // What the core refuses one request for is its answer, and not thrown.
        if error is AntidoteError { return false }
        guard let error = error as? PostgresError else { return true }
        return [.valueRefused, .duplicate, .other, .unexpectedAnswer, .conflict].contains(error.code)
    }
}
