import Foundation

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Unix sockets that block, for threads of their own.
enum LocalSocket {
    struct Failure: Error {
        let call: String
        let code: Int32
    }

    #if canImport(Glibc)
    private static let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    private static let sendFlags = Int32(MSG_NOSIGNAL)
    #else
    private static let type = SOCK_STREAM
    private static let sendFlags: Int32 = 0
    #endif

    /// A socket that listens at `path`, where there may be nothing yet.
    static func listening(at path: String) throws -> Int32 {
        let descriptor = try new()
        guard withAddress(path, { bind(descriptor, $0, $1) }) == 0, listen(descriptor, 128) == 0 else {
            let code = errno
            close(descriptor)
            throw Failure(call: "bind", code: code)
        }
        return descriptor
    }

    /// `nil` if nobody listens there.
    static func connected(to path: String) -> Int32? {
        guard let descriptor = try? new() else { return nil }
        guard withAddress(path, { connect(descriptor, $0, $1) }) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    /// `false` when the other side has gone.
    @discardableResult
    static func send(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { all in
                let rest = UnsafeRawBufferPointer(rebasing: all[done...])
                #if canImport(Glibc)
                return Glibc.send(descriptor, rest.baseAddress, rest.count, sendFlags)
                #else
                return Darwin.send(descriptor, rest.baseAddress, rest.count, sendFlags)
                #endif
            }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    /// `nil` at the end.
    static func receive(from descriptor: Int32) -> [UInt8]? {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &piece, piece.count, 0)
        return count > 0 ? Array(piece.prefix(count)) : nil
    }

    /// Returns when one of the two has something to be received, or has ended: which.
    static func wait(for first: Int32, _ second: Int32) -> (first: Bool, second: Bool) {
        var polled = [
            pollfd(fd: first, events: Int16(POLLIN), revents: 0), pollfd(fd: second, events: Int16(POLLIN), revents: 0),
        ]
        while poll(&polled, 2, -1) < 0, errno == EINTR {}
        return (polled[0].revents != 0, polled[1].revents != 0)
    }

    private static func new() throws -> Int32 {
        let descriptor = socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else { throw Failure(call: "socket", code: errno) }
        #if canImport(Darwin)
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
        #endif
        return descriptor
    }

    private static func withAddress(
        _ path: String,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: name.sun_path) else { return -1 }
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
