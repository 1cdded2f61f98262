import Synchronization

/// What a mutant remembers, from one call and one process to the next.
public final class Memory<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let values = Mutex<[Key: Value]>([:])

    public init() {}

    public subscript(key: Key) -> Value? {
        get { values.withLock { $0[key] } }
        set { values.withLock { $0[key] = newValue } }
    }

    /// What is known already, or `value`, which is known from now on.
    func first(_ key: Key, _ value: Value) -> Value {
        values.withLock { values in
            if let known = values[key] { return known }
            values[key] = value
            return value
        }
    }

    func change<Result>(_ key: Key, _ body: (inout Value?) -> Result) -> Result {
        values.withLock { body(&$0[key]) }
    }
}
