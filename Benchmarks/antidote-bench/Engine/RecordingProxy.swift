import AntidoteCore
import Foundation
import Synchronization

/// Stands between a backend and its engine, and writes down what is asked and answered.
final class RecordingProxy: Sendable {
    struct Exchange: Sendable {
        var request: PlainRequest
        var answer: [UInt8]
    }

    /// Where it listens.
    let path: String
    private let engine: String
    private let exchanges = Mutex<[Int: Exchange]>([:])
    private let count = Mutex(0)

    init(engine: String) {
        self.engine = engine
        path = NSTemporaryDirectory() + "antidote-bench-\(ProcessInfo.processInfo.processIdentifier).sock"
    }

    /// In the order in which they were asked; of those that have not ended, what was answered so far.
    var recorded: [Exchange] { exchanges.withLock { all in all.sorted { $0.key < $1.key }.map(\.value) } }

    /// Serves from threads of its own until the process ends.
    func start() throws {
        let listener = try PlainSocket.listening(at: path)
        let lent = Lent(listener)
        Thread { [self] in
            while let connection = try? lent.socket.accepted() {
                let lent = Lent(connection)
                Thread { [self] in try? serve(lent.socket) }.start()
            }
        }.start()
    }

    func stop() { unlink(path) }

    /// One request a connection, as the engine is told by what goes to it.
    private func serve(_ client: borrowing PlainSocket) throws {
        guard let request = try PlainRequest(from: client) else { return }
        let number = count.withLock { count in
            count += 1
            return count
        }
        exchanges.withLock { $0[number] = Exchange(request: request, answer: []) }
        let server = try PlainSocket.connected(to: engine)
        try server.write(request.bytes)
        while true {
            let more = try server.read()
            if more.isEmpty { return }
            exchanges.withLock { $0[number]?.answer += more }
            try client.write(more)
        }
    }
}

/// Takes a socket to another thread.
private final class Lent: Sendable {
    let socket: PlainSocket

    init(_ socket: consuming PlainSocket) { self.socket = socket }
}
