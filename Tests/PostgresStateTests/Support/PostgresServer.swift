import Foundation
import HostPrograms
import PostgresState

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A real server in a folder of its own, which ends with this process, however that ends.
final class PostgresServer: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// For all tests that only use a server, and do nothing to it.
    static let shared = Task { try await PostgresServer() }

    let folder: String
    let port: Int
    private let control: Int32

    /// - Parameters:
    ///   - settings: Lines of its configuration.
    ///   - prepare: Shell commands that run in its folder, as its user, before it starts.
    init(settings: [String] = [], prepare: String = "") async throws {
        folder = try Self.newFolder()
        port = try Self.freePort()
        let pair = try SocketPair()
        control = pair.near
        let lines = [
            "port = \(port)", "unix_socket_directories = '\(folder)'", "listen_addresses = '127.0.0.1'",
            "fsync = off", "deadlock_timeout = 50ms", "max_connections = 60", "log_min_messages = warning",
        ]
        let script = """
            cd '\(folder)' || exit 1
            trap '' HUP
            '\(try Self.program("initdb"))' -D data -A trust -E UTF8 --no-locale -U postgres -N >initdb.log 2>&1 || exit 1
            cat >>data/postgresql.conf <<'END'
            \((lines + settings).joined(separator: "\n"))
            END
            printf '%s\\n' 'local all guarded_user scram-sha-256' 'host all guarded_user 127.0.0.1/32 scram-sha-256' \
                'local all all trust' 'host all all 127.0.0.1/32 trust' >data/pg_hba.conf
            \(prepare)
            start() { '\(try Self.program("postgres"))' -D data >>server.log 2>&1 & server=$!; }
            start
            while read -r command; do
                kill -s INT "$server"
                wait "$server"
                [ "$command" = restart ] || break
                start
            done
            kill -s INT "$server" 2>/dev/null
            wait "$server"
            rm -rf '\(folder)'/*
            rmdir '\(folder)' 2>/dev/null
            """
        let shell = ["/bin/sh", "-c", script]
        let command = getuid() == 0 ? ["runuser", "-u", "postgres", "--"] + shell : shell
        let log = folder + "/fixture.log"
        let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        _ = try Spawn.start(
            command,
            environment: environment,
            descriptors: [pair.far, open(log, O_WRONLY | O_CREAT, 0o600), open(log, O_WRONLY | O_APPEND)]
        )
        do {
            _ = try await run("select 1 as one")
        } catch {
            throw Failure(description: "the server did not start: \(error); \(self.log)")
        }
    }

    deinit { close(control) }

    /// What the server printed.
    var log: String {
        let texts = ["initdb.log", "fixture.log", "server.log"].map { name in
            (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) ?? ""
        }
        return texts.joined(separator: "\n")
    }

    /// Ends every connection, and comes back.
    func restart() { say("restart") }

    /// Ends it for good.
    func stop() { say("stop") }

    /// Of the superuser, over the Unix socket.
    func configuration(database: String = "postgres", user: String = "postgres") throws -> PostgresConfiguration {
        try PostgresConfiguration(host: folder, port: port, database: database, user: user)
    }

    /// Runs one statement as the superuser, and returns the first column of its rows, as text.
    @discardableResult
    func run(_ sql: String, database: String = "postgres") async throws -> [String] {
        var configuration = try configuration(database: database)
        configuration.patience = .seconds(30)
        configuration.statementDeadline = .seconds(30)
        let connection = try PostgresConnection(configuration: configuration)
        let rows = try await connection.transaction { transaction in
            try transaction.finish(PostgresQuery("test", sql)()).map { row in
                (try? row.textIfAny(0)) ?? (try? row.integer(0).description) ?? ""
            }
        }
        await connection.close()
        return rows
    }

    /// Runs statements in order as the superuser, over one connection.
    func runAll(_ statements: [String], database: String) async throws {
        let connection = try PostgresConnection(configuration: configuration(database: database))
        try await connection.transaction { transaction in
            _ = try transaction.finish(statements.enumerated().map { PostgresQuery("test \($0)", $1)() })
        }
        await connection.close()
    }

    /// A fresh database; returns its name.
    func makeDatabase(template: String) async throws -> String {
        let name = "test_" + UUID().uuidString.lowercased().filter { $0 != "-" }
        try await run("create database \(name) template \(template)")
        return name
    }

    /// A fresh database for the length of the closure.
    func withDatabase<Result>(
        template: String = "template0",
        _ body: (PostgresConfiguration) async throws -> Result
    ) async throws -> Result {
        let name = try await makeDatabase(template: template)
        do {
            let result = try await body(configuration(database: name))
            try await run("drop database \(name) with (force)")
            return result
        } catch {
            _ = try? await run("drop database \(name) with (force)")
            throw error
        }
    }

    private func say(_ word: String) {
        let bytes = Array((word + "\n").utf8)
        #if canImport(Darwin)
        _ = Darwin.send(control, bytes, bytes.count, 0)
        #else
        _ = Glibc.send(control, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        #endif
    }

    private static func newFolder() throws -> String {
        var template = Array("/tmp/antidote-pg-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(description: "no folder: errno \(errno)") }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if getuid() == 0, let user = getpwnam("postgres") { chown(folder, user.pointee.pw_uid, user.pointee.pw_gid) }
        chmod(folder, 0o755)
        return folder
    }

    private static func program(_ name: String) throws -> String {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let folders =
            versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "/usr/lib/postgresql/\($0)/bin" }
            + ["/opt/homebrew/opt/postgresql/bin", "/usr/local/bin", "/usr/bin"]
        guard let folder = folders.first(where: { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") })
        else {
            throw Failure(description: "\(name) is missing: run Scripts/install-dependencies test")
        }
        return "\(folder)/\(name)"
    }

    static func freePort() throws -> Int {
        #if canImport(Darwin)
        let type = SOCK_STREAM
        #else
        let type = Int32(SOCK_STREAM.rawValue)
        #endif
        let descriptor = socket(AF_INET, type, 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, size) == 0 && getsockname(descriptor, generic, &size) == 0
            }
        }
        guard isBound else { throw Failure(description: "no free port: errno \(errno)") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
