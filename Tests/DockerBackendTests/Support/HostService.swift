import Synchronization
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A service of the host that listens on every address, over TCP and UDP, and counts what reaches it.
final class HostService: Sendable {
    let port: Int
    private let stream: Int32
    private let datagram: Int32
    private let connections = Atomic<Int>(0)
    private let datagrams = Atomic<Int>(0)

    /// What has arrived so far, answered or not.
    var arrivals: (connections: Int, datagrams: Int) {
        (connections.load(ordering: .relaxed), datagrams.load(ordering: .relaxed))
    }

    init() throws {
        #if canImport(Glibc)
        let (streamType, datagramType) = (Int32(SOCK_STREAM.rawValue), Int32(SOCK_DGRAM.rawValue))
        #else
        let (streamType, datagramType) = (SOCK_STREAM, SOCK_DGRAM)
        #endif
        stream = try Self.bound(streamType, port: 0)
        port = try Self.port(of: stream)
        datagram = try Self.bound(datagramType, port: port)
        try #require(listen(stream, 128) == 0)
    }

    /// Takes in everything that has arrived; nothing is answered but the connection itself.
    func drain() {
        while true {
            let peer = accept(stream, nil, nil)
            guard peer >= 0 else { break }
            connections.add(1, ordering: .relaxed)
            close(peer)
        }
        var byte: UInt8 = 0
        while recv(datagram, &byte, 1, 0) >= 0 { datagrams.add(1, ordering: .relaxed) }
    }

    deinit {
        close(stream)
        close(datagram)
    }

    /// A socket on all IPv6 and IPv4 addresses that never blocks.
    private static func bound(_ type: Int32, port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET6, type, 0)
        try #require(descriptor >= 0)
        var off: Int32 = 0
        let length = socklen_t(MemoryLayout<Int32>.size)
        try #require(setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &off, length) == 0)
        try #require(fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0)
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = in_port_t(UInt16(port)).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
            }
        }
        try #require(result == 0)
        return descriptor
    }

    private static func port(of descriptor: Int32) throws -> Int {
        var address = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        try #require(result == 0)
        return Int(UInt16(bigEndian: address.sin6_port))
    }
}
