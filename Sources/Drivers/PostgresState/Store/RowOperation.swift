import AntidoteCore
import ConcurrencyKit
import PostgresClient
import Synchronization

/// A change of rows that can share a transaction with others.
struct RowOperation: Sendable {
    /// The rows that it looks at.
    var ids: [EnvironmentID]
    /// May be asked again. If it throws, it must not have changed anything.
    var apply: @Sendable (inout Workspace) throws -> Void

    /// All of them in one transaction.
    static func perform(
        _ operations: [RowOperation],
        in pool: PostgresPool,
        with marks: PublishedMarks
    ) async throws -> [Result<Void, any Error>] {
        let ids = Set(operations.lazy.flatMap(\.ids)).sorted().map(\.rawValue)
        let marking = marks.take()
        return try await pool.transaction { transaction in
            let answers = try transaction.run([SQL.lockRows(.texts(ids)), SQL.clock])
            var workspace = Workspace(
                try answers[0].map { try StoredEnvironment($0) },
                now: try answers[1].time()
            )
            let results = operations.map { operation in Result { try operation.apply(&workspace) } }
            // What is counted comes last: others wait for it.
            try transaction.finish([marking].compactMap(\.self) + workspace.writer.statements())
            return results
        }
    }
}

extension PostgresStateStore {
    /// Changes rows by the core's rules, together with what others want changed just now.
    func changing<Value: Sendable>(
        _ ids: [EnvironmentID],
        _ body: @escaping @Sendable (inout Workspace) throws -> Value
    ) async throws -> Value {
        let box = Box<Value>()
        let operation = RowOperation(ids: ids) { workspace in box.put(try body(&workspace)) }
        try await named { try await rowBatcher.submit(operation) }
        return try box.take()
    }
}

/// What an operation came to, the last time that it was asked.
private final class Box<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)

    func put(_ new: Value) { value.withLock { $0 = new } }

    func take() throws -> Value {
        guard let value = value.withLock({ $0 }) else {
            throw AntidoteError(.internalFault, "a batch was committed without the answer to a part of it")
        }
        return value
    }
}

extension PostgresRows {
    /// The answer to ``SQL/clock``.
    func time() throws(PostgresError) -> Timestamp {
        guard let row = first else { throw PostgresError.lost }
        return try row.timestamp(0)
    }
}
