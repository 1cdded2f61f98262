import Synchronization

/// What a mutant remembers, from one call and one connection to the next.
final class Kept<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) { state = Mutex(value) }

    var value: Value { state.withLock { $0 } }

    @discardableResult
    func change<Result: Sendable>(_ body: (inout Value) -> Result) -> Result { state.withLock { body(&$0) } }
}

extension Kept<Int> {
    /// 1, then 2, and so on.
    func next() -> Int {
        change { number in
            number += 1
            return number
        }
    }
}
