/// An HTTP/1.1 client of one server, on a Unix socket, TCP or TLS.
///
/// One thread of its own moves all transfers, so a call never blocks a thread of the caller: it suspends. Connections
/// are kept and used again. Cancelling the calling task closes the request's connection and throws
/// `CancellationError` at once.
///
/// ```swift
/// let client = try HTTPClient(configuration: .init(base: .unixSocket(path: "/var/run/docker.sock")))
/// defer { client.shutdown() }
///
/// let version = try await client.execute(HTTPRequest(.get, "/version", deadline: .seconds(5)))
///
/// try await client.withStream(HTTPRequest(.get, "/events", idleTimeout: .never)) { head, body in
///     for try await line in body.lines() { handle(line) }
/// }
/// ```
///
/// An answer of any status is a value; ``HTTPTransportError`` tells only why there was none. A `GET`, `HEAD`, `PUT` or
/// `DELETE` that met a kept connection which the server was just closing is sent once more on a new one; no other
/// method is ever sent twice.
public final class HTTPClient: Sendable {
    private let configuration: HTTPClientConfiguration
    private let engine: Engine

    /// Starts the client's thread; connects only with the first request.
    /// - Throws: ``HTTPTransportError``: `.invalidRequest` for a configuration that cannot work.
    public init(configuration: HTTPClientConfiguration) throws(HTTPTransportError) {
        try configuration.validate()
        self.configuration = configuration
        engine = try Engine(configuration: configuration)
    }

    deinit {
        engine.stop()
    }

    /// Ends every call in flight, and every later one, with `.shutdown`, closes all connections and ends the thread.
    /// Does not wait for that. Calling it again does nothing.
    public func shutdown() {
        engine.stop()
    }

    /// Sends a request and holds the whole answer.
    /// - Throws: ``HTTPTransportError``, `CancellationError`, or what the body's closure threw.
    public func execute(_ request: HTTPRequest) async throws -> HTTPResponse {
        let exchange = try start(request, mode: .buffered(limit: configuration.maximumResponseBytes))
        async let _ = upload(exchange)
        return try await withTaskCancellationHandler {
            try await exchange.response()
        } onCancel: {
            engine.post(.cancel(exchange, CancellationError()))
        }
    }

    /// Sends a request and lends the answer's head and body to a closure while it comes.
    ///
    /// When the closure ends, however it ends, the transfer is over: what was not read is not waited for, and its
    /// connection is closed.
    /// - Throws: ``HTTPTransportError``, `CancellationError`, what the body's closure threw, or what `body` threw.
    public func withStream<Result>(
        _ request: HTTPRequest,
        _ body: (HTTPResponseHead, HTTPBodyStream) async throws -> Result
    ) async throws -> Result {
        let exchange = try start(request, mode: .streamed(capacity: configuration.streamBufferBytes))
        async let _ = upload(exchange)
        let outcome: Swift.Result<Result, any Error>
        do {
            let result = try await withTaskCancellationHandler {
                let head = try await exchange.head()
                return try await body(head, HTTPBodyStream(exchange: exchange, engine: engine))
            } onCancel: {
                engine.post(.cancel(exchange, CancellationError()))
            }
            outcome = .success(result)
        } catch {
            outcome = .failure(error)
        }
        let over = HTTPTransportError(
            .streamMisuse,
            "the stream was lent to a closure that has ended",
            request: request.summary
        )
        engine.post(.cancel(exchange, over))
        await exchange.ended()
        return try outcome.get()
    }

    private func start(_ request: HTTPRequest, mode: Exchange.Mode) throws -> Exchange {
        try Task.checkCancellation()
        try request.validate()
        let idle: Duration? =
            switch request.idleTimeout {
            case .standard: configuration.idleTimeout
            case .never: nil
            case .after(let duration): duration
            }
        let limits = TransferLimits(deadline: request.deadline.map { ContinuousClock.now.advanced(by: $0) }, idle: idle)
        let exchange = Exchange(request: request, mode: mode, limits: limits)
        guard engine.post(.start(exchange)) else {
            throw HTTPTransportError(.shutdown, "the client was shut down", request: request.summary)
        }
        return exchange
    }

    /// Runs the producer of a streamed body, a child of the call.
    private func upload(_ exchange: Exchange) async {
        guard case .stream(let length, let produce) = exchange.request.body else { return }
        do {
            let writer = HTTPBodyWriter(exchange: exchange, engine: engine, announced: length)
            try await produce(writer)
            try writer.checkComplete()
            if exchange.finishUpload() { engine.post(.resumeSending(exchange)) }
        } catch {
            // After the exchange's end this is too late to matter: the engine does not know it any more.
            engine.post(.cancel(exchange, error))
        }
    }
}
