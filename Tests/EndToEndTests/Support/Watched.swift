import Synchronization

/// A value that changes, and that others wait for to become what they need.
final class Watched<Value: Sendable>: Sendable {
    /// Takes the value, or `nil` when the wait is cancelled; says whether the wait is over.
    private typealias Waiter = @Sendable (Value?) -> Bool

    private struct State {
        var value: Value
        var waiters: [Int: Waiter] = [:]
        var next = 0
    }

    private let state: Mutex<State>

    init(_ value: Value) { state = Mutex(State(value: value)) }

    var value: Value { state.withLock { $0.value } }

    func update(_ change: @Sendable (inout Value) -> Void) {
        state.withLock { state in
            change(&state.value)
            let value = state.value
            state.waiters = state.waiters.filter { !$0.value(value) }
        }
    }

    /// What `match` makes of the value, as soon as that is something. Throws what `match` throws.
    func first<Found: Sendable>(_ match: @escaping @Sendable (Value) throws -> Found?) async throws -> Found {
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Found, any Error>) in
                let waiter: Waiter = { value in
                    do {
                        guard let value else { throw CancellationError() }
                        guard let found = try match(value) else { return false }
                        continuation.resume(returning: found)
                    } catch {
                        continuation.resume(throwing: error)
                    }
                    return true
                }
                state.withLock { state in
                    if !waiter(Task.isCancelled ? nil : state.value) { state.waiters[id] = waiter }
                }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
            _ = waiter?(nil)
        }
    }
}
