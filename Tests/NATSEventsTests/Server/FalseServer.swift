import Foundation
import HostPrograms
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Somebody who takes connections where a NATS server should be, says the same to each, and then nothing more.
final class FalseServer: Sendable {
    let port: Int
    private let listener: Int32
    private let state = Mutex<(connections: [Int32], isOver: Bool)>(([], false))

    static let greeting =
        #"INFO {"server_id":"x","version":"2.9.10","proto":1,"headers":true,"max_payload":1048576,"auth_required":true}"#
        + "\r\n"

    init(saying text: [UInt8]) throws {
        let listener = RawClient.newSocket()
        var address = RawClient.loopback(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) + listen(listener, 16) + getsockname(listener, $0, &size)
            }
        }
        guard status == 0 else { throw HostFailure("no port for a false server") }
        self.listener = listener
        port = Int(in_port_t(bigEndian: address.sin_port))
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                _ = text.withUnsafeBytes { sendto(connection, $0.baseAddress, $0.count, RawClient.sendFlags, nil, 0) }
                guard let self, self.keep(connection) else {
                    close(connection)
                    return
                }
            }
        }
    }

    deinit {
        let connections = state.withLock { state in
            state.isOver = true
            return state.connections
        }
        for descriptor in connections + [listener] {
            shutdown(descriptor, Int32(SHUT_RDWR))
            close(descriptor)
        }
    }

    var connections: Int { state.withLock { $0.connections.count } }

    private func keep(_ connection: Int32) -> Bool {
        state.withLock { state in
            guard !state.isOver else { return false }
            state.connections.append(connection)
            return true
        }
    }
}
