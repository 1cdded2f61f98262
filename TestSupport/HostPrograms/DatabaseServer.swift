import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A private PostgreSQL that can be restarted as a crash would, and ends with this process.
package final class DatabaseServer: Sendable {
    package enum Shutdown: String, Sendable {
        /// Transactions are rolled back, and what was committed is written.
        case fast = "INT"
        /// At once, as in a crash: it recovers from its log.
        case immediate = "QUIT"
    }

    /// The database that is there from the start.
    package static let database = "antidote"

    package let folder: String
    package let port: Int
    private let control: Int32

    /// Starts it, and returns when it answers.
    ///
    /// - Parameters:
    ///   - folder: Its own, which is made, and keeps what the server printed.
    ///   - isTemporary: Whether the folder goes with the server.
    ///   - settings: Lines of its configuration besides.
    ///   - prepare: Shell commands that run in the folder, as the server's user, before it starts.
    package init(
        folder: String,
        isTemporary: Bool = false,
        settings: [String] = [],
        prepare: String = ""
    ) async throws {
        self.folder = folder
        port = try Loopback.freePort()
        try PostgresPrograms.makeFolder(folder)
        let lines = [
            "port = \(port)", "unix_socket_directories = '\(folder)'", "listen_addresses = '127.0.0.1'",
            "max_connections = 150", "fsync = on", "log_min_messages = warning",
        ]
        let (initdb, postgres) = (try PostgresPrograms.path(of: "initdb"), try PostgresPrograms.path(of: "postgres"))
        let script = """
            cd '\(folder)' || exit 1
            trap '' HUP
            '\(initdb)' -D data -A trust -E UTF8 --no-locale -U postgres -N >initdb.log 2>&1 || exit 1
            cat >>data/postgresql.conf <<'END'
            \((lines + settings).joined(separator: "\n"))
            END
            \(prepare)
            start() { '\(postgres)' -D data >>server.log 2>&1 & server=$!; }
            # Said until it is heard: a server that was only just started ignores it.
            end() {
                ( while kill -s "$1" "$server"; do sleep 0.2; done ) 2>/dev/null &
                wait "$server"
                kill "$!"
            }
            start
            while read -r signal again; do
                end "$signal"
                [ "$again" = again ] || break
                start
            done
            end QUIT 2>/dev/null
            rm -rf data
            \(isTemporary ? "rm -rf '\(folder)'/*; rmdir '\(folder)'" : "")
            """
        let shell = ["/bin/sh", "-c", script]
        let pair = try SocketPair()
        control = pair.near
        let log = folder + "/fixture.log"
        _ = try Spawn.start(
            PostgresPrograms.user.map { ["runuser", "-u", $0, "--"] + shell } ?? shell,
            environment: ["PATH": ChildProgram.path],
            descriptors: [pair.far, open(log, O_WRONLY | O_CREAT, 0o600), open(log, O_WRONLY | O_APPEND)]
        )
        try await waitUntilItAnswers(attempts: 300)
        try await run("create database \(Self.database) template template0", in: "postgres")
    }

    deinit { close(control) }

    /// What the server printed, and those who started it.
    package var log: String {
        ["initdb.log", "fixture.log", "server.log"].map { name in
            (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) ?? ""
        }.joined(separator: "\n")
    }

    package var url: String { "postgresql://postgres@127.0.0.1:\(port)/\(Self.database)" }

    /// The process that all others of the server are children of.
    package var pid: Int32? {
        let file = try? String(contentsOfFile: "\(folder)/data/postmaster.pid", encoding: .utf8)
        return file?.split(separator: "\n").first.flatMap { Int32($0) }
    }

    /// Ends it so, and starts it again; returns when the new one answers.
    package func restart(_ how: Shutdown) async throws {
        let before = try? await startTime()
        beginRestart(how)
        try await waitUntil("PostgreSQL does not come back") { try await self.startTime() != before }
    }

    /// Ends it so, and starts it again, in its own time.
    package func beginRestart(_ how: Shutdown) { say("\(how.rawValue) again") }

    /// Ends it for good, in its own time.
    package func beginStop(_ how: Shutdown) { say(how.rawValue) }

    /// Ends it for good; returns when it is gone, and all that it kept with it.
    package func stop() async throws {
        beginStop(.immediate)
        try await waitUntil("PostgreSQL does not end") {
            !FileManager.default.fileExists(atPath: self.folder + "/data")
        }
    }

    /// Ends every connection to the database of that name.
    package func endConnections(to database: String = DatabaseServer.database) async throws {
        try await run(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '\(database)'",
            in: "postgres"
        )
    }

    package func waitUntilItAnswers(attempts: Int = 600) async throws {
        try await waitUntil("PostgreSQL does not answer", attempts: attempts) {
            try await self.run("select 1", in: "postgres")
            return true
        }
    }

    /// One statement, as the server's owner. Returns a line for each row, with `|` between the columns.
    @discardableResult
    package func run(_ sql: String, in database: String = DatabaseServer.database) async throws -> String {
        try await Finished.output(
            of: try PostgresPrograms.path(of: "psql"),
            [
                "-h", "127.0.0.1", "-p", "\(port)", "-U", "postgres", "-d", database, "-v", "ON_ERROR_STOP=1", "-Atqc",
                sql,
            ]
        )
    }

    private func startTime() async throws -> String {
        try await run("select pg_postmaster_start_time()", in: "postgres")
    }

    private func waitUntil(
        _ failure: String,
        attempts: Int = 600,
        _ condition: () async throws -> Bool
    ) async throws {
        for _ in 0..<attempts {
            if (try? await condition()) == true { return }
            try await ContinuousClock().sleep(for: .milliseconds(100))
        }
        throw HostFailure("\(failure): \(log.suffix(2000))")
    }

    private func say(_ words: String) {
        let bytes = Array((words + "\n").utf8)
        #if canImport(Darwin)
        _ = Darwin.send(control, bytes, bytes.count, 0)
        #else
        _ = Glibc.send(control, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        #endif
    }
}
