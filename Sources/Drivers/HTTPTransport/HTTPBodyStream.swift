/// The body of an answer as it comes, lent to the closure of ``HTTPClient/withStream(_:_:)``.
///
/// For one reader. While the reader is slow the server has to wait: at most the client's `streamBufferBytes` and one
/// read of the socket are held. A body that is cut short throws `.connectionLost`; it never ends silently. (Of a body
/// without length or chunks, the end of the connection is the end: HTTP/1.0.)
/// A cancelled reader gets `CancellationError`.
public struct HTTPBodyStream: AsyncSequence, Sendable {
    public typealias Element = [UInt8]

    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let exchange: Exchange
        fileprivate let engine: Engine

        /// The bytes that have come since the last call, at least one, or `nil` at the body's end.
        public mutating func next() async throws -> [UInt8]? {
            // The reader may be another task than the one that the stream was lent to: its cancellation ends the
            // transfer as well.
            let (chunk, wasPaused) = try await withTaskCancellationHandler {
                try await exchange.nextChunk()
            } onCancel: { [engine, exchange] in
                engine.post(.cancel(exchange, CancellationError()))
            }
            if wasPaused { engine.post(.resumeReceiving(exchange)) }
            return chunk
        }
    }

    let exchange: Exchange
    let engine: Engine

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(exchange: exchange, engine: engine)
    }

    /// The body as lines, without their ends.
    /// - Parameter limit: The longest line in bytes; beyond it the sequence throws `.lineTooLong`.
    public func lines(limit: Int = 1024 * 1024) -> HTTPLines {
        HTTPLines(base: self, limit: limit)
    }
}

/// The lines of a stream, split at LF or CR LF; a last line without an end is one too.
public struct HTTPLines: AsyncSequence, Sendable {
    public typealias Element = [UInt8]

    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var base: HTTPBodyStream.AsyncIterator
        fileprivate var splitter: LineSplitter

        public mutating func next() async throws -> [UInt8]? {
            while true {
                if let line = try splitter.next() { return line }
                guard let chunk = try await base.next() else { return try splitter.finish() }
                splitter.append(chunk)
            }
        }
    }

    let base: HTTPBodyStream
    let limit: Int

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(base: base.makeAsyncIterator(), splitter: LineSplitter(limit: limit))
    }
}
