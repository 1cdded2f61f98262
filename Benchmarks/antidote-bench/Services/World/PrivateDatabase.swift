import AntidoteCore
import Foundation
import HostPrograms

/// A PostgreSQL of the benchmark's own, as durable as one in production, and what it counts.
struct PrivateDatabase {
    let server: DatabaseServer

    /// Starts it, and returns when it answers.
    init(folder: String) async throws {
        server = try await DatabaseServer(
            folder: folder,
            settings: [
                "synchronous_commit = on", "shared_buffers = 256MB", "max_wal_size = 4GB", "log_line_prefix = '%p|'",
            ]
        )
    }

    /// What the server printed.
    var log: String { server.folder + "/server.log" }

    /// What psql prints: a line for each row, with `|` between the columns.
    @discardableResult
    func run(_ sql: String, in database: String = DatabaseServer.database) async throws -> String {
        try await server.run(sql, in: database).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The processor time of its processes, in seconds. Those that have ended are not counted.
    var cpu: Double { server.pid.map { ServiceUsage.cpuOfChildren(of: $0) } ?? 0 }

    /// How many there were so far.
    struct Counts {
        /// Transactions that wrote something.
        var writes: Double
        /// All transactions, those that only read among them.
        var transactions: Double
        /// How often the log was forced to disk.
        var syncs: Double

        static func - (left: Counts, right: Counts) -> Counts {
            Counts(
                writes: left.writes - right.writes,
                transactions: left.transactions - right.transactions,
                syncs: left.syncs - right.syncs
            )
        }
    }

    /// Every transaction that writes draws a number.
    func counts() async throws -> Counts {
        let row = try await run(
            """
            select pg_snapshot_xmax(pg_current_snapshot()), xact_commit, (select wal_sync from pg_stat_wal) \
            from pg_stat_database where datname = '\(DatabaseServer.database)'
            """,
            in: "postgres"
        ).split(separator: "|").map { Double($0) ?? 0 }
        guard row.count == 3 else { throw AntidoteError(.internalFault, "the database does not tell what it did") }
        return Counts(writes: row[0], transactions: row[1], syncs: row[2])
    }
}
