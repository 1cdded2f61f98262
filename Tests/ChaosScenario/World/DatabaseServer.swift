import Foundation
import HostPrograms
import Subprocess

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A private PostgreSQL that can be restarted as a crash would.
package final class DatabaseServer: Sendable {
    package enum Shutdown: String, Sendable {
        /// Transactions are rolled back, and what was committed is written.
        case fast = "INT"
        /// At once, as in a crash: it recovers from its log.
        case immediate = "QUIT"
    }

    static let database = "antidote"

    package let folder: String
    package let port: Int
    private let control: Int32

    /// Starts it, and returns when it answers.
    package init(folder: String, connections: Int = 150) async throws {
        self.folder = folder
        port = try Loopback.freePort()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        if getuid() == 0, let user = getpwnam("postgres") { chown(folder, user.pointee.pw_uid, user.pointee.pw_gid) }
        let script = """
            cd '\(folder)' || exit 1
            trap '' HUP
            '\(try Self.program("initdb"))' -D data -A trust -E UTF8 --no-locale -U postgres -N >initdb.log 2>&1 || exit 1
            cat >>data/postgresql.conf <<'END'
            port = \(port)
            unix_socket_directories = '\(folder)'
            listen_addresses = '127.0.0.1'
            max_connections = \(connections)
            fsync = on
            log_min_messages = warning
            END
            start() { '\(try Self.program("postgres"))' -D data >>server.log 2>&1 & server=$!; }
            start
            while read -r signal; do
                kill -s "$signal" "$server"
                wait "$server"
                start
            done
            kill -s QUIT "$server"
            wait "$server"
            rm -rf data
            """
        let shell = ["/bin/sh", "-c", script]
        let command = getuid() == 0 ? ["runuser", "-u", "postgres", "--"] + shell : shell
        let pair = try SocketPair()
        control = pair.near
        let log = folder + "/fixture.log"
        _ = try Spawn.start(
            command,
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"],
            descriptors: [pair.far, open(log, O_WRONLY | O_CREAT, 0o600), open(log, O_WRONLY | O_APPEND)]
        )
        try await waitUntilItAnswers(attempts: 300)
        try await run("create database \(Self.database) template template0", in: "postgres")
    }

    deinit { close(control) }

    var url: String { "postgresql://postgres@127.0.0.1:\(port)/\(Self.database)" }

    func url(through proxy: Proxy) -> String { "postgresql://postgres@127.0.0.1:\(proxy.port)/\(Self.database)" }

    /// Ends it so, and starts it again.
    package func restart(_ how: Shutdown) {
        let bytes = Array((how.rawValue + "\n").utf8)
        _ = write(control, bytes, bytes.count)
    }

    /// Ends every connection to the database of the run.
    func endConnections() async throws {
        try await run(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '\(Self.database)'",
            in: "postgres"
        )
    }

    package func waitUntilItAnswers(attempts: Int = 600) async throws {
        for _ in 0..<attempts {
            if (try? await run("select 1", in: "postgres")) != nil { return }
            try await ContinuousClock().sleep(for: .milliseconds(100))
        }
        let log = (try? String(contentsOfFile: folder + "/server.log", encoding: .utf8)) ?? ""
        throw ChaosFailure("PostgreSQL does not answer: \(log.suffix(2000))")
    }

    @discardableResult
    package func run(_ sql: String, in database: String) async throws -> String {
        try await Tool.run(
            try Self.program("psql"),
            ["-h", "127.0.0.1", "-p", "\(port)", "-U", "postgres", "-d", database, "-Atqc", sql]
        )
    }

    private static func program(_ name: String) throws -> String {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let folders =
            versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "/usr/lib/postgresql/\($0)/bin" }
            + ["/opt/homebrew/opt/postgresql/bin", "/usr/local/bin", "/usr/bin"]
        guard let folder = folders.first(where: { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") })
        else { throw ChaosFailure("\(name) is missing: run Scripts/install-dependencies test") }
        return "\(folder)/\(name)"
    }
}
