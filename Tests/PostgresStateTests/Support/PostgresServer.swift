import Foundation
import HostPrograms
import PostgresClient
import PostgresState

/// A real server in a folder of its own, which ends with this process, however that ends.
final class PostgresServer: Sendable {
    /// For all tests that only use a server, and do nothing to it.
    static let shared = Task { try await PostgresServer() }

    private let server: DatabaseServer

    /// - Parameters:
    ///   - settings: Lines of its configuration.
    ///   - prepare: Shell commands that run in its folder, as its user, before it starts.
    init(settings: [String] = [], prepare: String = "") async throws {
        server = try await DatabaseServer(
            folder: NSTemporaryDirectory() + "antidote-pg-\(UUID().uuidString.prefix(8).lowercased())",
            isTemporary: true,
            settings: ["fsync = off", "deadlock_timeout = 50ms", "max_connections = 60"] + settings,
            prepare: """
                printf '%s\\n' 'local all guarded_user scram-sha-256' \\
                    'host all guarded_user 127.0.0.1/32 scram-sha-256' \\
                    'local all all trust' 'host all all 127.0.0.1/32 trust' >data/pg_hba.conf
                \(prepare)
                """
        )
    }

    var folder: String { server.folder }
    var port: Int { server.port }
    /// What the server printed.
    var log: String { server.log }

    /// Ends every connection, and comes back.
    func restart() { server.beginRestart(.fast) }

    /// Ends it for good.
    func stop() { server.beginStop(.fast) }

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
}
