import Synchronization

/// One result that a task waits for and another one provides.
///
/// Only the first result counts. Cancelling the waiting task provides one too: `CancellationError`. An owner may therefore
/// keep a waiter whose task is gone; ``resume(with:)`` returns false for it. An owner that decides under a lock uses
/// ``provide(_:)``.
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
        guard let wakeup = provide(result) else { return false }
        wakeup()
        return true
    }

    /// Provides the result, and leaves it to the caller to resume the task. `nil`: there was a result before.
    package func provide(_ result: Result<Value, any Error>) -> Wakeup? {
        state.withLock { state in
            switch state {
            case .ready, .over: return nil
            case .open:
                state = .ready(result)
                return Wakeup {}
            case .waiting(let continuation):
                state = .over
                return Wakeup { continuation.resume(with: result) }
            }
        }
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

/// A task that is resumed by a call.
///
/// Call it after every lock is released. Resuming takes the runtime's lock of that task, and a cancellation handler runs
/// under the same lock: if the handler then waits for a lock that the caller holds, neither goes on.
package struct Wakeup: Sendable {
    private let resume: @Sendable () -> Void

    package init(_ resume: @escaping @Sendable () -> Void) { self.resume = resume }

    package func callAsFunction() { resume() }
}

/// Waiters in the order in which they came: a value that its owner guards, together with what they wait for.
///
/// A value is handed over under the owner's lock, so never to a task that was cancelled before; the task is resumed after it.
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

    /// Hands `value` to the first task that still waits. `nil`: no task does.
    package mutating func handToFirst(_ value: Value) -> Wakeup? {
        while let waiter = waiters.popFirst() {
            if let wakeup = waiter.provide(.success(value)) { return wakeup }
        }
        return nil
    }

    /// Ends the wait of all of them.
    package mutating func endAll(with result: Result<Value, any Error>) -> [Wakeup] {
        waiters.popAll().compactMap { $0.provide(result) }
    }
}
