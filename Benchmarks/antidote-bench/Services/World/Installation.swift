import AntidoteCore
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The real programs over a database and a bus of their own, with a fake backend that takes no time.
final class Installation {
    enum Program: String, CaseIterable {
        case api = "antidote-api"
        case scheduler = "antidote-scheduler"
        case gc = "antidote-gc"
    }

    static let instance = InstanceID(unchecked: "bench")

    let folder: String
    let database: PrivateDatabase
    let bus: PrivateBus
    let httpPort: Int
    private let programs: String
    private var running: [Program: Servant] = [:]

    /// - Parameter programs: The folder of the programs.
    init(programs: String) throws {
        self.programs = programs
        for name in ["antidote"] + Program.allCases.map(\.rawValue)
        where !FileManager.default.isExecutableFile(atPath: "\(programs)/\(name)") {
            throw AntidoteError(.configurationInvalid, "there is no \(name) in \(programs)", advice: "Build it first.")
        }
        folder = NSTemporaryDirectory() + "antidote-bench-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o711]
        )
        database = try PrivateDatabase(folder: folder + "/database")
        bus = try PrivateBus(folder: folder + "/bus")
        httpPort = try LoadSocket.freePort()
        try configuration.write(toFile: configurationFile, atomically: true, encoding: .utf8)
        let curriculum = try BenchLesson.write(in: folder)
        try HostTool.run([program("antidote"), "db", "init", "--config", configurationFile, "--curriculum", curriculum])
    }

    deinit {
        running = [:]
        try? FileManager.default.removeItem(atPath: provider)
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// In memory where there is such a folder: no provider is measured here.
    var provider: String {
        let memory = "/dev/shm"
        guard FileManager.default.isWritableFile(atPath: memory) else { return folder + "/provider" }
        return "\(memory)/\(URL(fileURLWithPath: folder).lastPathComponent)"
    }

    /// Times are those that a service has by itself.
    private var configuration: String {
        """
        instanceId: \(Self.instance)
        databaseUrl: \(database.url)
        natsUrl: \(bus.url)
        natsUser: \(PrivateBus.user)
        natsPassword: \(bus.password)
        backend: fake
        fakeDirectory: \(provider)
        fakeIsInstant: true
        httpPort: \(httpPort)
        liveLessonLimit: 3
        instanceLimit: 1000000
        logFormat: json
        """
    }

    private var configurationFile: String { folder + "/antidote.yml" }

    private func program(_ name: String) -> String { "\(programs)/\(name)" }

    func isRunning(_ program: Program) -> Bool { running[program] != nil }

    func start(_ wanted: [Program] = Program.allCases) throws {
        for one in wanted where running[one] == nil {
            running[one] = try Servant(
                one.rawValue,
                [program(one.rawValue), "--config", configurationFile],
                log: "\(folder)/\(one.rawValue).log"
            )
        }
    }

    func stop(_ unwanted: [Program] = Program.allCases) {
        for one in unwanted { running.removeValue(forKey: one)?.end() }
    }

    /// Returns when the API says that it can serve.
    func waitUntilReady() throws {
        let end = ContinuousClock.now + .seconds(20)
        while true {
            if let loop = try? LoadLoop(httpPort: httpPort, connections: 1, bus: nil) {
                loop.ask(WebRequest("GET", "/readyz"), for: 0)
                if let answer = try? loop.answer(within: .seconds(2)), answer.status == 200 { return }
            }
            guard ContinuousClock.now < end else {
                let log = (try? String(contentsOfFile: "\(folder)/antidote-api.log", encoding: .utf8)) ?? ""
                throw AntidoteError(.internalFault, "the API does not become ready: \(log.suffix(1000))")
            }
            usleep(2000)
        }
    }

    func makeLoop(connections: Int) throws -> LoadLoop {
        let line = try BusLine(port: bus.port, user: PrivateBus.user, password: bus.password, instance: Self.instance)
        return try LoadLoop(httpPort: httpPort, connections: connections, bus: line)
    }

    /// Of each service by itself.
    var usage: [Program: ServiceUsage] { running.mapValues { ServiceUsage(of: $0.pid) } }
}
