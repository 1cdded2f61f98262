import AntidoteCore
import Synchronization

/// What several threads have found out.
final class Results<Value: Sendable>: Sendable {
    private let values = Mutex<[Int: Result<Value, any Error>]>([:])

    func set(_ result: Result<Value, any Error>, at index: Int) { values.withLock { $0[index] = result } }

    /// In order; throws the first error.
    func all(_ count: Int) throws -> [Value] {
        let values = values.withLock { $0 }
        return try (0..<count).map { index in
            guard let result = values[index] else { throw AntidoteError(.internalFault, "a thread said nothing") }
            return try result.get()
        }
    }
}
