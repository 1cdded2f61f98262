import AntidoteCore
import ChaosScenario
import Foundation
import HostPrograms

/// What all tests share: a PostgreSQL, a NATS server, a folder with a curriculum. Each test has a database and an
/// installation's name of its own.
final class Servers: Sendable {
    /// A role that may do nothing to the server: only such a one meets its limits.
    static let role = "antidote"

    let folder: WorldFolder
    let database: DatabaseServer
    let bus: BusServer
    let curriculum: String

    init(connections: Int = 150) async throws {
        folder = try WorldFolder(programs: WorldFolder.ownPrograms)
        database = try await DatabaseServer(
            folder: folder.file("database"),
            settings: ["max_connections = \(connections)"]
        )
        try await database.run("create role \(Self.role) login", in: "postgres")
        bus = try BusServer(folder: folder.file("bus"), password: RandomSource.system.base32(length: 20))
        try await bus.start()
        curriculum = try WorldSettings.writeCurriculum(in: folder)
    }

    func stop() async {
        await bus.stop()
        try? await database.stop()
        folder.remove()
    }

    func url(of database: String) -> String {
        "postgresql://\(Self.role)@127.0.0.1:\(self.database.port)/\(database)"
    }
}
