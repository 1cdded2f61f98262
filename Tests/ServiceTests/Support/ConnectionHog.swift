import ChaosScenario
import HostPrograms

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
        guard Loopback.withAddress(port, { connect(connection, $0, $1) }) == 0,
            write(connection, startup, startup.count) == startup.count,
            isWelcome(connection)
        else {
            close(connection)
            return nil
        }
        return connection
    }

    /// Whether the server is ready for a query: it counts its connections after it has asked who comes.
    private func isWelcome(_ connection: Int32) -> Bool {
        while let head = read(5, from: connection), head[0] != UInt8(ascii: "E") {
            if head[0] == UInt8(ascii: "Z") { return true }
            let length = head[1...].reduce(0) { $0 << 8 | Int($1) }
            guard read(length - 4, from: connection) != nil else { return false }
        }
        return false
    }

    private func read(_ count: Int, from connection: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        guard recv(connection, &bytes, count, Int32(MSG_WAITALL)) == count else { return nil }
        return bytes
    }
}
