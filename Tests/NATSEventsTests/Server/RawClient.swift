import Foundation
import HostPrograms

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A connection on which a stranger says whatever he wants.
final class RawClient {
    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = Self.newSocket()
        var address = Self.loopback(port)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw HostFailure("cannot connect to port \(port)") }
    }

    deinit { close(descriptor) }

    /// As a user that the server knows.
    static func loggedIn(port: Int) throws -> RawClient {
        let client = try RawClient(port: port)
        try client.read(until: "\r\n")
        client.send(Array(#"CONNECT {"user":"antidote","pass":"open sesame","verbose":false,"headers":true}"#.utf8))
        client.send(Array("\r\nPING\r\n".utf8))
        try client.read(until: "PONG\r\n")
        return client
    }

    /// Whatever the headers are.
    func publish(_ subject: String, headers: [UInt8], payload: [UInt8]) {
        let head =
            headers.isEmpty
            ? "PUB \(subject) \(payload.count)\r\n"
            : "HPUB \(subject) \(headers.count) \(headers.count + payload.count)\r\n"
        send(Array(head.utf8) + headers + payload + [13, 10])
    }

    /// Returns when the server has seen everything.
    func flush() throws {
        send(Array("PING\r\n".utf8))
        try read(until: "PONG\r\n")
    }

    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                sendto(descriptor, $0.baseAddress, $0.count, Self.sendFlags, nil, 0)
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    @discardableResult
    func read(until end: String) throws -> String {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !text.hasSuffix(end) {
            let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { throw HostFailure("the server hung up after: \(text)") }
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
        return text
    }

    /// Who is written to may be gone: that is no signal.
    static var sendFlags: Int32 {
        #if canImport(Darwin)
        0
        #else
        Int32(MSG_NOSIGNAL)
        #endif
    }

    static func newSocket() -> Int32 {
        #if canImport(Darwin)
        socket(AF_INET, SOCK_STREAM, 0)
        #else
        socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        #endif
    }

    static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return address
    }

    /// 0 if it is no socket that is connected.
    static func peerPort(of descriptor: Int32) -> Int {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &size) }
        }
        return status == 0 && address.sin_family == sa_family_t(AF_INET)
            ? Int(in_port_t(bigEndian: address.sin_port)) : 0
    }
}
