#if SQLite
import AntidoteCore
import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One transaction: rows are read and written. What becomes of them, the core decides.
struct SQLiteTransaction {
    let db: Database
    /// The store's time of everything in it.
    let now: Timestamp
    let limits: AdmissionLimits
    let random: RandomSource

    // MARK: Statements

    func execute(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
    }

    func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ sql: String,
        _ arguments: StatementArguments = StatementArguments()
    ) throws -> Value? {
        try Value.fetchOne(db.cachedStatement(sql: sql), arguments: arguments)
    }

    func values<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ sql: String,
        _ arguments: StatementArguments = StatementArguments()
    ) throws -> [Value] {
        try Value.fetchAll(db.cachedStatement(sql: sql), arguments: arguments)
    }

    /// How many rows there are in `rows`: a table with its condition, and perhaps a limit.
    func count(_ rows: String, _ arguments: StatementArguments) throws -> Int {
        try value("SELECT count(*) FROM (SELECT 1 FROM \(rows))", arguments) ?? 0
    }

    // MARK: Values

    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func decode<Value: Decodable>(_ text: String, _ what: String) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw SQLiteFailure.unreadable(what, error)
        }
    }

    // MARK: Numbers that would otherwise be counted again and again

    /// What is counted, beside rows that are found by an index.
    enum Count {
        case tickets
        case queue
        case instance
        case backend(BackendID)
        case source(EnvironmentSource)

        fileprivate var key: (what: String, kind: String, name: String) {
            switch self {
            case .tickets: ("tickets", "", "")
            case .queue: ("queue", "", "")
            case .instance: ("instance", "", "")
            case .backend(let id): ("backend", "", id.rawValue)
            case .source(let source): ("source", source.kind, source.name)
            }
        }
    }

    func count(_ count: Count) throws -> Int {
        let (what, kind, name) = count.key
        return try value(
            "SELECT count FROM antidote_counts WHERE what = ? AND kind = ? AND name = ?",
            [what, kind, name]
        ) ?? 0
    }

    /// The count after `amount` was added.
    @discardableResult
    func add(_ amount: Int, to count: Count) throws -> Int {
        let (what, kind, name) = count.key
        let sum: Int =
            try value(
                """
                INSERT INTO antidote_counts VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET count = count + excluded.count RETURNING count
                """,
                [what, kind, name, amount]
            ) ?? 0
        if sum == 0 {
            try execute("DELETE FROM antidote_counts WHERE what = ? AND kind = ? AND name = ?", [what, kind, name])
        }
        return sum
    }
}
#endif
