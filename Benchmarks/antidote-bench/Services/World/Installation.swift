import AntidoteCore
import Foundation
import HostPrograms

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
    let bus: BusServer
    let httpPort: Int
    private let programs: String
    private var running: [Program: ChildProgram] = [:]

    /// - Parameter programs: The folder of the programs.
    init(programs: String) async throws {
        self.programs = programs
        for name in ["antidote"] + Program.allCases.map(\.rawValue)
        where !FileManager.default.isExecutableFile(atPath: "\(programs)/\(name)") {
            throw AntidoteError(
                .configurationInvalid,
                "there is no \(name) in \(programs)",
                recovery: "Build it first."
            )
        }
        folder = NSTemporaryDirectory() + "antidote-bench-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o711]
        )
        database = try await PrivateDatabase(folder: folder + "/database")
        bus = try BusServer(folder: folder + "/bus", password: RandomSource.system.base32(length: 20))
        try await bus.start()
        httpPort = try Loopback.freePort()
        try configuration.write(toFile: configurationFile, atomically: true, encoding: .utf8)
        let curriculum = try BenchLesson.write(in: folder)
        try await Finished.output(
            of: program("antidote"),
            ["db", "init", "--config", configurationFile, "--curriculum", curriculum]
        )
    }

    /// Ends everything, and leaves nothing.
    func end() async {
        await stop()
        await bus.stop()
        try? await database.server.stop()
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
        databaseUrl: \(database.server.url)
        natsUrl: \(bus.url)
        natsUser: \(BusServer.user)
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
            running[one] = try ChildProgram(
                [program(one.rawValue), "--config", configurationFile],
                log: "\(folder)/\(one.rawValue).log",
                goodbye: "TERM"
            )
        }
    }

    func stop(_ unwanted: [Program] = Program.allCases) async {
        for one in unwanted { await running.removeValue(forKey: one)?.leave() }
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
        try LoadLoop(httpPort: httpPort, connections: connections, bus: try makeBusLine())
    }

    func makeBusLine() throws -> BusLine {
        try BusLine(port: bus.port, user: BusServer.user, password: bus.password, instance: Self.instance)
    }

    /// The processor time that the bus has used, in seconds.
    var busCPU: Double { bus.pid.map { ServiceUsage(of: $0).cpu } ?? 0 }

    /// Of each service by itself.
    var usage: [Program: ServiceUsage] { running.mapValues { ServiceUsage(of: $0.pid) } }
}
