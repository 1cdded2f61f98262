import Synchronization

/// Takes the pieces of a streamed request body.
public final class HTTPBodyWriter: Sendable {
    private let exchange: Exchange
    private let engine: Engine
    private let announced: Int64?
    private let written = Mutex<Int64>(0)

    init(exchange: Exchange, engine: Engine, announced: Int64?) {
        self.exchange = exchange
        self.engine = engine
        self.announced = announced
    }

    /// Hands over a piece, and waits until the one before it has gone into the connection's buffer.
    /// - Throws: `CancellationError` when the request has ended and nobody wants more: let it out of the closure.
    ///   `.invalidRequest` when there is more than was announced.
    public func write(_ piece: [UInt8]) async throws {
        guard !piece.isEmpty else { return }
        let total = written.withLock { written in
            written += Int64(piece.count)
            return written
        }
        if let announced, total > announced { throw wrongLength }
        guard let wasPaused = try await exchange.putUpload(piece) else { throw CancellationError() }
        if wasPaused { engine.post(.resumeSending(exchange)) }
    }

    func checkComplete() throws(HTTPTransportError) {
        if let announced, written.withLock({ $0 }) != announced { throw wrongLength }
    }

    private var wrongLength: HTTPTransportError {
        HTTPTransportError(
            .invalidRequest,
            "the body's length is not the announced one",
            request: exchange.request.summary
        )
    }
}
