import Foundation
import Synchronization

/// A real HTTP server on plain sockets: every connection has its own thread and runs a script.
final class TestServer: Sendable {
    /// What a script did or saw, for the test to wait for.
    enum Event: Sendable, Equatable {
        case accepted
        case request(String)
        /// The client closed its side; this many bytes had been sent by then.
        case clientClosed(sent: Int)
    }

    enum Address: Sendable {
        case unix
        case tcp
    }

    struct SocketFailure: Error {
        let call: String
        let code: Int32
    }

    let port: Int
    let socketPath: String
    private let listener: Int32
    private let events: AsyncStream<Event>
    private let report: AsyncStream<Event>.Continuation
    private let accepted = Mutex(0)

    /// - Parameter script: Serves one connection; returning closes it.
    init(_ address: Address = .unix, script: @escaping @Sendable (ServerConnection) -> Void) throws {
        (events, report) = AsyncStream.makeStream()
        let folder = try TestFolder.make()
        socketPath = folder + "/s"
        switch address {
        case .unix:
            listener = socket(AF_UNIX, streamType, 0)
            port = 0
            try Self.bindPath(listener, socketPath)
        case .tcp:
            listener = socket(AF_INET, streamType, 0)
            port = try Self.bindLoopback(listener)
        }
        guard listen(listener, 64) == 0 else { throw SocketFailure(call: "listen", code: errno) }
        let (listener, report) = (listener, report)
        Thread.detachNewThread { [self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else {
                    close(listener)
                    return
                }
                accepted.withLock { $0 += 1 }
                report.yield(.accepted)
                Thread.detachNewThread {
                    let connection = ServerConnection(descriptor: descriptor, report: report)
                    script(connection)
                    close(descriptor)
                }
            }
        }
    }

    var connections: Int { accepted.withLock { $0 } }

    /// Waits for the first event that matches; events before it are gone.
    func first<Found>(_ match: (Event) -> Found?) async -> Found? {
        for await event in events {
            if let found = match(event) { return found }
        }
        return nil
    }

    /// Waits until a script saw the client close; gives the bytes it had sent.
    func clientClosed() async -> Int? {
        await first { if case .clientClosed(let sent) = $0 { sent } else { nil } }
    }

    /// No new connections. The accepting thread closes the descriptor, so that nobody accepts on a number used again.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private static func bindPath(_ listener: Int32, _ path: String) throws {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let result = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw SocketFailure(call: "bind", code: errno) }
    }

    private static func bindLoopback(_ listener: Int32) throws -> Int {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return try withUnsafeMutablePointer(to: &name) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard bind(listener, address, length) == 0 else { throw SocketFailure(call: "bind", code: errno) }
                getsockname(listener, address, &length)
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
    }
}

#if canImport(Glibc)
let streamType = Int32(SOCK_STREAM.rawValue)
#else
let streamType = SOCK_STREAM
#endif

/// Folders with short paths, because a socket's path may not be long. They go with the process.
enum TestFolder {
    private static let parent: String = {
        atexit { try? FileManager.default.removeItem(atPath: TestFolder.parent) }
        return "/tmp/http-\(getpid())"
    }()

    static func make() throws -> String {
        let path = "\(parent)/\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }
}
