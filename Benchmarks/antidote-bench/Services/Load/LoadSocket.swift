import AntidoteCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A TCP connection on this machine that never blocks: it keeps what cannot be sent yet.
final class LoadSocket {
    let descriptor: Int32
    /// What has come and nobody took yet.
    var received: [UInt8] = []
    private var unsent: ArraySlice<UInt8> = []

    init(port: Int) throws {
        descriptor = socket(AF_INET, Self.streamType, 0)
        guard descriptor >= 0 else { throw Self.failure("socket") }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        guard Self.withAddress(port, { connect(descriptor, $0, $1) }) == 0 else {
            let error = Self.failure("connect")
            close(descriptor)
            throw error
        }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { close(descriptor) }

    var mustWrite: Bool { !unsent.isEmpty }

    func send(_ bytes: [UInt8]) throws {
        unsent += bytes
        try flush()
    }

    func flush() throws {
        while !unsent.isEmpty {
            let count = unsent.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EAGAIN || errno == EINTR { return }
            guard count > 0 else { throw Self.failure("write") }
            unsent = count == unsent.count ? [] : unsent.dropFirst(count)
        }
    }

    /// Takes in what has come. Throws at the end of the connection.
    func receive() throws {
        try withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
            while true {
                let count = read(descriptor, buffer.baseAddress, buffer.count)
                if count < 0, errno == EAGAIN || errno == EINTR { return }
                guard count > 0 else { throw Self.failure("read") }
                received += buffer.prefix(count)
                if count < buffer.count { return }
            }
        }
    }

    /// Blocks until something has come.
    func waitToReceive(atMost limit: Duration = .seconds(10)) throws {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&watched, 1, Int32(limit / .milliseconds(1))) > 0 else {
            throw AntidoteError(.deadlineExceeded, "nothing came on a connection within \(limit)")
        }
        try receive()
    }

    /// A port that was free a moment ago.
    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, streamType, 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        guard descriptor >= 0, withAddress(0, { bind(descriptor, $0, $1) }) == 0,
            withUnsafeMutablePointer(
                to: &address,
                { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
                }
            ) == 0
        else { throw failure("bind") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static var streamType: Int32 {
        #if canImport(Darwin)
        SOCK_STREAM
        #else
        Int32(SOCK_STREAM.rawValue)
        #endif
    }

    private static func withAddress(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        address.sin_port = in_port_t(port).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func failure(_ call: String) -> AntidoteError {
        AntidoteError(.backendUnavailable, "\(call) failed: \(String(cString: strerror(errno)))")
    }
}
