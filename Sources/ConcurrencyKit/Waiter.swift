import Synchronization

/// One result that a task waits for and another one provides.
///
/// Only the first result counts. Cancelling the waiting task provides one too: `CancellationError`. An owner may therefore
/// keep a waiter whose task is gone; ``resume(with:)`` returns false for it.
package final class Waiter<Value: Sendable>: Sendable {
    private enum State {
        case open
        case waiting(CheckedContinuation<Value, any Error>)
        case ready(Result<Value, any Error>)
        case over
    }

    private let state = Mutex(State.open)

    package init() {}

    /// Whether there is a result already.
    package var isFinished: Bool {
        state.withLock { state in
            switch state {
            case .open, .waiting: false
            case .ready, .over: true
            }
        }
    }

    /// Provides the result.
    ///
    /// - Returns: False if there was one before, which counts.
    @discardableResult
    package func resume(with result: Result<Value, any Error>) -> Bool {
        let (isFirst, continuation) = state.withLock { state in
            switch state {
            case .ready, .over: return (false, CheckedContinuation<Value, any Error>?.none)
            case .open:
                state = .ready(result)
                return (true, nil)
            case .waiting(let continuation):
                state = .over
                return (true, continuation)
            }
        }
        continuation?.resume(with: result)
        return isFirst
    }

    @discardableResult
    package func resume(returning value: Value) -> Bool { resume(with: .success(value)) }

    @discardableResult
    package func resume(throwing error: any Error) -> Bool { resume(with: .failure(error)) }

    /// Waits for the result. Only one task may, and only once.
    package func value() async throws -> Value {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Value, any Error>? = state.withLock { state in
                    switch state {
                    case .open:
                        state = .waiting(continuation)
                        return nil
                    case .ready(let result):
                        state = .over
                        return result
                    case .waiting, .over:
                        return .failure(CancellationError())
                    }
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            resume(throwing: CancellationError())
        }
    }
}

extension Waiter where Value == Void {
    @discardableResult
    package func resume() -> Bool { resume(returning: ()) }
}

/// Waiters in the order in which they came: a value that its owner guards, together with what they wait for.
///
/// The owner may resume waiters under its lock, so that a value is never handed to a task that was cancelled.
package struct WaiterQueue<Value: Sendable>: Sendable {
    private var waiters = Queue<Waiter<Value>>()
    /// At this count cancelled waiters are removed, so that they do not pile up.
    private var nextCleanup = 64

    package init() {}

    /// The number of tasks that wait. Visits every waiter.
    package var count: Int { waiters.elements.count { !$0.isFinished } }

    package var isEmpty: Bool { waiters.elements.allSatisfy(\.isFinished) }

    /// Adds a waiter behind all others.
    package mutating func append() -> Waiter<Value> {
        if waiters.count >= nextCleanup {
            waiters.removeAll(where: \.isFinished)
            nextCleanup = max(64, 2 * waiters.count)
        }
        let waiter = Waiter<Value>()
        waiters.append(waiter)
        return waiter
    }

    /// Hands `value` to the first task that still waits.
    ///
    /// - Returns: False if no task does.
    package mutating func resumeFirst(returning value: Value) -> Bool {
        while let waiter = waiters.popFirst() {
            if waiter.resume(returning: value) { return true }
        }
        return false
    }

    /// Ends the wait of all of them.
    package mutating func resumeAll(with result: Result<Value, any Error>) {
        for waiter in waiters.popAll() { waiter.resume(with: result) }
    }
}
