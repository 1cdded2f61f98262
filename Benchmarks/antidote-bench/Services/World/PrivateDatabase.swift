import AntidoteCore
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A PostgreSQL of the benchmark's own, as durable as one in production.
final class PrivateDatabase {
    static let name = "antidote"

    let port: Int
    let log: String
    private let folder: String
    private let server: Servant

    /// Starts it, and returns when it answers.
    init(folder: String) throws {
        self.folder = folder
        port = try LoadSocket.freePort()
        log = folder + "/server.log"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // It refuses to run as root.
        let entry = getuid() == 0 ? getpwnam("postgres") : nil
        if let entry { chown(folder, entry.pointee.pw_uid, entry.pointee.pw_gid) }
        let user = entry == nil ? nil : "postgres"
        let data = folder + "/data"
        try HostTool.run(
            [try Self.program("initdb"), "-D", data, "-A", "trust", "-E", "UTF8", "--no-locale", "-U", "postgres"],
            user: user
        )
        let settings = [
            "port=\(port)", "unix_socket_directories=\(folder)", "listen_addresses=127.0.0.1", "max_connections=150",
            "fsync=on", "synchronous_commit=on", "shared_buffers=256MB", "max_wal_size=4GB", "log_line_prefix=%p|",
        ]
        server = try Servant(
            "postgres",
            [try Self.program("postgres"), "-D", data] + settings.flatMap { ["-c", $0] },
            log: log,
            user: user,
            goodbye: "INT"
        )
        for attempt in 0... {
            do {
                try run("select 1", in: "postgres")
                break
            } catch {
                guard attempt < 200 else { throw error }
                usleep(100_000)
            }
        }
        try run("create database \(Self.name) template template0", in: "postgres")
    }

    var url: String { "postgresql://postgres@127.0.0.1:\(port)/\(Self.name)" }

    /// What psql prints: a line for each row, with `|` between the columns.
    @discardableResult
    func run(_ sql: String, in database: String = PrivateDatabase.name) throws -> String {
        try HostTool.run(
            [
                try Self.program("psql"), "-h", "127.0.0.1", "-p", "\(port)", "-U", "postgres", "-d", database,
                "-v", "ON_ERROR_STOP=1", "-Atqc", sql,
            ]
        ).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The processor time of its processes, in seconds. Those that have ended are not counted.
    var cpu: Double { ServiceUsage.cpuOfChildren(of: server.pid) }

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
    func counts() throws -> Counts {
        let row = try run(
            """
            select pg_snapshot_xmax(pg_current_snapshot()), xact_commit, (select wal_sync from pg_stat_wal) \
            from pg_stat_database where datname = '\(Self.name)'
            """,
            in: "postgres"
        ).split(separator: "|").map { Double($0) ?? 0 }
        guard row.count == 3 else { throw AntidoteError(.internalFault, "the database does not tell what it did") }
        return Counts(writes: row[0], transactions: row[1], syncs: row[2])
    }

    static func program(_ name: String) throws -> String {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let folders =
            versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "/usr/lib/postgresql/\($0)/bin" }
            + ["/opt/homebrew/opt/postgresql/bin", "/usr/local/bin", "/usr/bin"]
        guard let folder = folders.first(where: { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") })
        else {
            throw AntidoteError(
                .configurationInvalid,
                "\(name) is missing",
                advice: "Install PostgreSQL: Scripts/install-dependencies test."
            )
        }
        return "\(folder)/\(name)"
    }
}
