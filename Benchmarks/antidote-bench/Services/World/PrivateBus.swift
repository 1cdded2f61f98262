import AntidoteCore
import Foundation

/// A nats-server of the benchmark's own, with credentials.
final class PrivateBus {
    static let user = "antidote"

    let port: Int
    let password: String
    private let server: Servant

    init(folder: String) throws {
        port = try LoadSocket.freePort()
        password = RandomSource.system.base32(length: 20)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let settings = """
            host: 127.0.0.1
            port: \(port)
            authorization { user: "\(Self.user)", password: "\(password)" }
            """
        try settings.write(toFile: folder + "/nats.conf", atomically: true, encoding: .utf8)
        server = try Servant("nats-server", ["nats-server", "-c", folder + "/nats.conf"], log: folder + "/nats.log")
    }

    /// The processor time that it has used, in seconds.
    var cpu: Double { ServiceUsage(of: server.pid).cpu }

    var url: String { "nats://127.0.0.1:\(port)" }
}
