import AntidoteCore
import Foundation
import HostPrograms
import Synchronization

/// A whole installation: a database, a bus, two copies of each program, and the provider that they share.
final class World: Sendable {
    let folder: WorldFolder
    let settings: WorldSettings
    let database: DatabaseServer
    let bus: BusServer
    let provider: any Provider
    let time: TimeSource
    /// What nobody asked for, such as the end of a program.
    let surprises: Surprises
    private let configuration: String
    private let state: Mutex<State>

    private struct State {
        var copies: [ServiceCopy] = []
        var nextNumber = 3
    }

    /// Starts all of it, and returns when both APIs answer.
    ///
    /// - Parameter engine: The socket of a Docker Engine that has the images; `nil`: the fake provider.
    init(programs: String, engine: String?, random: RandomSource, time: TimeSource) async throws {
        let folder = try WorldFolder(programs: programs)
        let settings = try WorldSettings(folder, engine: engine, random: random)
        let provider = settings.provider
        let database = try await DatabaseServer(folder: folder.file("database"))
        let bus = try BusServer(folder: folder.file("bus"), password: random.base32(length: 20))
        let surprises = Surprises()
        try await bus.start()
        let text = settings.text(
            databaseURL: database.url,
            busURL: bus.url,
            password: bus.password,
            httpPort: try Loopback.freePort(),
            isInstant: true
        )
        let configuration = try folder.write("operator.yml", text)
        let curriculum = try WorldSettings.writeCurriculum(in: folder, image: provider.image)
        try await Finished.output(
            of: folder.program("antidote"),
            ["db", "init", "--config", configuration, "--curriculum", curriculum]
        )
        (self.folder, self.settings, self.database, self.bus) = (folder, settings, database, bus)
        (self.provider, self.time, self.surprises, self.configuration) = (provider, time, surprises, configuration)
        state = Mutex(State())
        for role in ServiceCopy.Role.allCases {
            for number in 1...2 { try add(role, number: number).start() }
        }
    }

    var copies: [ServiceCopy] { state.withLock { $0.copies } }

    var now: Double { Double(time.now().microseconds) / 1_000_000 }

    /// One more copy of a program, which is not started.
    func join(_ role: ServiceCopy.Role) throws -> ServiceCopy {
        let number = state.withLock { state in
            defer { state.nextNumber += 1 }
            return state.nextNumber
        }
        return try add(role, number: number)
    }

    /// `copy` is none of them any more.
    func forget(_ copy: ServiceCopy) { state.withLock { $0.copies.removeAll { $0 === copy } } }

    private func add(_ role: ServiceCopy.Role, number: Int) throws -> ServiceCopy {
        let copy = try ServiceCopy(
            role: role,
            name: "\(role.rawValue.dropFirst("antidote-".count))-\(number)",
            world: folder,
            settings: settings,
            database: database,
            bus: bus
        ) { [surprises] in surprises.add($0) }
        state.withLock { $0.copies.append(copy) }
        return copy
    }

    /// What the database holds, as an operator sees it.
    func rows() async throws -> [RowRecord] {
        let text = try await Finished.output(
            of: folder.program("antidote"),
            ["get", "livelessons", "--config", configuration, "--output", "json", "--limit", "1000000"]
        )
        return try JSONDecoder().decode([RowRecord].self, from: Data(text.utf8))
    }

    /// The whole event log, as an operator sees it.
    func events() async throws -> [EventRecord] {
        let text = try await Finished.output(
            of: folder.program("antidote"),
            ["get", "events", "--config", configuration, "--output", "json", "--limit", "10000000"]
        )
        let events = try JSONDecoder().decode([CloudEvent].self, from: Data(text.utf8))
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        return try events.map { event in
            var record = EventRecord(
                event.type,
                of: event.subject,
                session: event.data["session"]?.text ?? "",
                lesson: event.data["lesson"]?.text ?? "",
                sequence: Int(event.data["sequence"]?.number ?? 0),
                time: try Date(event.time, strategy: format).timeIntervalSince1970
            )
            record.stage = Int(event.data["stage"]?.number ?? 0)
            record.failure = event.data["failure"]?.text
            return record
        }
    }

    /// Everything ends at once.
    func end() async {
        for copy in copies { _ = try? await copy.stop(9) }
        await bus.stop()
        try? await database.stop()
        await provider.end()
    }
}

/// What happened although nobody asked for it.
final class Surprises: Sendable {
    private let noted = Mutex<[String]>([])

    var all: [String] { noted.withLock { $0 } }

    func add(_ surprise: String) { noted.withLock { $0.append(surprise) } }
}
