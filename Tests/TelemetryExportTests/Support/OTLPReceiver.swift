import Foundation
import Synchronization

/// A receiver of OTLP/HTTP with JSON on loopback: a real server on plain sockets, a thread for each connection.
final class OTLPReceiver: Sendable {
    /// What a request is answered with.
    enum Answer: Sendable {
        case status(String, headers: [String] = [], body: String = "{}")
        /// The connection is closed without an answer.
        case hangUp
        /// Nothing, until the client closes.
        case silence

        static let ok = Answer.status("200 OK")
    }

    struct Received: Sendable {
        var line: String
        var headers: [String: String]
        var body: [UInt8]

        /// The body as the standard has it.
        func request() throws -> OTLP.Request {
            try JSONDecoder().decode(OTLP.Request.self, from: Data(body))
        }
    }

    struct SocketFailure: Error {
        let call: String
        let code: Int32
    }

    let port: Int
    /// Each request as it comes.
    let requests: AsyncStream<Received>
    private let report: AsyncStream<Received>.Continuation
    private let listener: Int32
    private let answer: @Sendable (Int) -> Answer
    private let received = Mutex<[Received]>([])

    /// A receiver whose answer to request `n`, from 0, is `answer(n)`.
    /// - Parameter isOpen: Otherwise the port is ours, and connections to it are refused, until ``open()``.
    init(isOpen: Bool = true, answer: @escaping @Sendable (Int) -> Answer = { _ in .ok }) throws {
        (requests, report) = AsyncStream.makeStream()
        self.answer = answer
        #if canImport(Glibc)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        listener = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        port = try Self.bindLoopback(listener)
        if isOpen { try open() }
    }

    /// Takes connections from now on.
    func open() throws {
        guard listen(listener, 64) == 0 else { throw SocketFailure(call: "listen", code: errno) }
        Thread.detachNewThread { [self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else {
                    close(listener)
                    return
                }
                Thread.detachNewThread { [self] in
                    serve(ReceiverConnection(descriptor: descriptor))
                    close(descriptor)
                }
            }
        }
    }

    /// Takes no further connections.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// The names of the spans of the next request; `nil` if it is none.
    func nextNames() async -> [String]? {
        let request = await requests.first { _ in true }
        return try? request?.request().spans.map(\.name)
    }

    /// All requests until now.
    var all: [Received] { received.withLock { $0 } }

    /// The spans of all requests until now, in their order.
    func spans() throws -> [OTLP.Span] { try all.flatMap { try $0.request().spans } }

    /// The names of all spans until now, each once: what was on its way when the exporter ended may come again.
    func distinctNames() throws -> [String] {
        var known: Set<String> = []
        return try spans().map(\.name).filter { known.insert($0).inserted }
    }

    private func serve(_ connection: ReceiverConnection) {
        while let request = connection.next() {
            let number = received.withLock { all in
                all.append(request)
                return all.count - 1
            }
            let answer = answer(number)
            if case .status(let status, let headers, let body) = answer {
                // Told before it is answered, so that whoever waits for it sees it before its sender goes on.
                report.yield(request)
                guard connection.answer(status, headers: headers, body: body) else { return }
            } else {
                report.yield(request)
                if case .silence = answer { while connection.next() != nil {} }
                return
            }
        }
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
