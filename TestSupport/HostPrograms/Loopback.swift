#if canImport(Glibc)
package import Glibc
#elseif canImport(Musl)
package import Musl
#elseif canImport(Darwin)
package import Darwin
#endif

/// Sockets on the loopback address.
package enum Loopback {
    package static var streamType: Int32 {
        #if canImport(Darwin)
        SOCK_STREAM
        #else
        Int32(SOCK_STREAM.rawValue)
        #endif
    }

    private static func address(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        address.sin_port = in_port_t(port).bigEndian
        return address
    }

    package static func withAddress<Result>(
        _ port: Int,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = address(port)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// A socket that listens, and its port: none of those that the system gives to whoever connects, so that nobody else
    /// takes it while a server of it is away.
    package static func listen() throws -> (descriptor: Int32, port: Int) {
        for _ in 0..<100 {
            let descriptor = socket(AF_INET, streamType, 0)
            guard descriptor >= 0 else { break }
            let port = Int.random(in: 10_000...30_000)
            if withAddress(port, { bind(descriptor, $0, $1) }) == 0, systemListen(descriptor) {
                return (descriptor, port)
            }
            close(descriptor)
        }
        throw HostFailure("no socket on the loopback address: \(String(cString: strerror(errno)))")
    }

    /// A port that was free a moment ago.
    package static func freePort() throws -> Int {
        let (descriptor, port) = try listen()
        close(descriptor)
        return port
    }

    /// Whether somebody takes connections there.
    package static func accepts(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, streamType, 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return withAddress(port) { connect(descriptor, $0, $1) } == 0
    }

    private static func systemListen(_ descriptor: Int32) -> Bool {
        #if canImport(Darwin)
        Darwin.listen(descriptor, 128) == 0
        #elseif canImport(Musl)
        Musl.listen(descriptor, 128) == 0
        #else
        Glibc.listen(descriptor, 128) == 0
        #endif
    }
}
