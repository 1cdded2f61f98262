import AntidoteCore
import HostPrograms

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
        descriptor = socket(AF_INET, Loopback.streamType, 0)
        guard descriptor >= 0 else { throw Self.failure("socket") }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        guard Loopback.withAddress(port, { connect(descriptor, $0, $1) }) == 0 else {
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

    private static func failure(_ call: String) -> AntidoteError {
        AntidoteError(.backendUnavailable, "\(call) failed: \(String(cString: strerror(errno)))")
    }
}
