import Synchronization

/// Counts across tasks and threads.
final class Counter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .sequentiallyConsistent) }

    /// The new value.
    @discardableResult
    func increment(by amount: Int = 1) -> Int { count.add(amount, ordering: .sequentiallyConsistent).newValue }
}
