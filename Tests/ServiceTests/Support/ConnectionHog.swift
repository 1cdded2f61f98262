import ChaosScenario

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Takes the connections of a PostgreSQL server, and keeps them.
final class ConnectionHog {
    private let port: Int
    private let startup: [UInt8]
    private var held: [Int32] = []

    /// As `user`, who is asked for no password.
    init(port: Int, user: String, database: String) {
        self.port = port
        let parameters = "user\0\(user)\0database\0\(database)\0\0".utf8
        // The length of the message with itself, and version 3.0 of the protocol.
        startup = [0, 0, 0, UInt8(8 + parameters.count), 0, 3, 0, 0] + parameters
    }

    deinit { letGo() }

    /// Takes all that are left, and tells how many it has.
    func takeAll() -> Int {
        while let connection = take() { held.append(connection) }
        return held.count
    }

    func letGo() {
        for connection in held { close(connection) }
        held = []
    }

    /// `nil`: the server has none left.
    private func take() -> Int32? {
        let connection = socket(AF_INET, Loopback.streamType, 0)
        guard connection >= 0 else { return nil }
        var answer: UInt8 = 0
        guard Loopback.withAddress(port, { connect(connection, $0, $1) }) == 0,
            write(connection, startup, startup.count) == startup.count,
            recv(connection, &answer, 1, 0) == 1, answer == UInt8(ascii: "R")
        else {
            close(connection)
            return nil
        }
        return connection
    }
}
