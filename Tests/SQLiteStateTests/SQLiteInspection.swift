#if SQLite
import AntidoteCore
import GRDB

@testable import SQLiteState

/// What only tests ask a store.
extension SQLiteStateStore {
    /// Tells of every statement of a store with one connection.
    func tracing(_ tell: @escaping @Sendable (String) -> Void) async throws {
        try await database.writeWithoutTransaction { db in
            db.trace(options: .statement) { event in
                if case .statement(let statement) = event { tell(statement.sql) }
            }
        }
    }

    /// How SQLite would go about a statement.
    func plan(of sql: String) async throws -> [String] {
        try await database.read { db in
            let statement = try db.makeStatement(sql: "EXPLAIN QUERY PLAN \(sql)")
            // A plan does not depend on what is asked for.
            statement.setUncheckedArguments(StatementArguments())
            return try Row.fetchAll(statement).map { $0["detail"] }
        }
    }

    /// How surely a transaction is on the disk when it ends.
    func synchronous() async throws -> Int? {
        try await database.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
    }

    /// What SQLite finds wrong with the file: “ok”.
    func check() async throws -> [String] {
        try await database.writeWithoutTransaction { try String.fetchAll($0, sql: "PRAGMA integrity_check") }
    }
}
#endif
