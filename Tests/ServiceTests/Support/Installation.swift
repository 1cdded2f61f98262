import AntidoteCore
import ChaosScenario
import Foundation
import HostPrograms
import Testing

#if canImport(System)
import System
#endif

/// A database, a name and a provider of its own, and the programs over them.
struct Installation: Sendable {
    let servers: Servers
    let name: String
    let provider: ProviderFolder
    /// Of the configuration file.
    var settings: [String: String]

    /// Makes a database, and its tables unless `isEmpty`.
    init(
        on given: Servers? = nil,
        isEmpty: Bool = false,
        _ changes: [String: String] = [:]
    ) async throws {
        servers = try #require(given ?? ServiceTests.servers)
        name = "t" + RandomSource.system.base32(length: 8)
        try await servers.database.run("create database \(name) owner \(Servers.role)", in: "postgres")
        provider = try ProviderFolder(path: servers.folder.file("\(name).provider"))
        settings = [
            "instanceId": name, "databaseUrl": servers.url(of: name), "natsUrl": servers.bus.url,
            "natsUser": BusServer.user, "natsPassword": servers.bus.password, "backend": "fake",
            "fakeDirectory": provider.path, "fakeIsInstant": "true", "leaseDuration": "3", "sweepInterval": "1",
            "gcInterval": "1", "orphanGrace": "1", "logFormat": "json", "logLevel": "info",
        ].merging(changes) { $1 }
        guard !isEmpty else { return }
        let initialized = try await antidote("db", "init", "--curriculum", servers.curriculum)
        try #require(initialized.status == 0, "\(initialized)")
    }

    /// Runs `antidote` to its end, with the configuration of the installation.
    func antidote(_ arguments: String...) async throws -> Finished {
        try await run("antidote", arguments + ["--config", try configuration()])
    }

    /// What `antidote` prints with `--output json`. Throws unless it succeeds.
    func list<Value: Decodable>(_ type: Value.Type, _ arguments: String...) async throws -> Value {
        let done = try await run("antidote", arguments + ["--output", "json", "--config", try configuration()])
        guard done.status == 0 else { throw ChaosFailure("\(arguments): \(done)") }
        return try done.read(type)
    }

    /// Runs a program to its end.
    func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) async throws -> Finished {
        try await Finished.run(servers.folder.program(program), arguments, environment: environment)
    }

    /// A configuration file with its settings, and `changes` over them; what is empty is left out.
    func configuration(_ changes: [String: String] = [:]) throws -> String {
        let lines = settings.merging(changes) { $1 }.filter { !$0.value.isEmpty }.map { "\($0.key): \($0.value)\n" }
        return try servers.folder.write("\(name)-\(UUID().uuidString.prefix(8)).yml", lines.sorted().joined())
    }

    /// Starts a program, which ends with the value.
    func start(_ role: ServiceCopy.Role, _ changes: [String: String] = [:]) throws -> Service {
        let port = try Loopback.freePort()
        return try Service(
            [
                servers.folder.program(role.rawValue), "--config",
                try configuration(["httpPort": "\(port)"].merging(changes) { $1 }),
            ],
            port: port,
            log: servers.folder.file("\(name)-\(role.rawValue)-\(UUID().uuidString.prefix(4)).log")
        )
    }

    /// Lends all of it in one process, whose API also tells the numbers of the others.
    func runningAsOne<Result>(_ body: (_ all: Service) async throws -> Result) async throws -> Result {
        let port = try Loopback.freePort()
        let all = try Service(
            [servers.folder.program("antidote"), "up", "--config", try configuration(["httpPort": "\(port)"])],
            port: port,
            log: servers.folder.file("\(name)-up.log")
        )
        do {
            try await all.isReady()
            let result = try await body(all)
            await all.stop(SIGKILL)
            return result
        } catch {
            await all.stop(SIGKILL)
            throw ChaosFailure("\(error)\n\(all.lastWords)")
        }
    }

    /// Lends one copy of each program while they run; the API answers by then.
    func running<Result>(
        _ changes: [String: String] = [:],
        _ body: (_ api: Service, _ scheduler: Service, _ gc: Service) async throws -> Result
    ) async throws -> Result {
        let services = try ServiceCopy.Role.allCases.map { try start($0, changes) }
        do {
            try await services[0].isReady()
            let result = try await body(services[0], services[1], services[2])
            for service in services { await service.stop(SIGKILL) }
            return result
        } catch {
            for service in services { await service.stop(SIGKILL) }
            throw ChaosFailure("\(error)\n\(services.map(\.lastWords).joined(separator: "\n"))")
        }
    }

    /// One statement in its database, as the server's owner.
    @discardableResult
    func sql(_ text: String) async throws -> String {
        try await servers.database.run(text, in: name).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// What is at its provider.
    var labs: Set<ProviderEntry> {
        get async throws { try await eventually("a look at the provider") { provider.sample { 0 }?.entries } }
    }
}
