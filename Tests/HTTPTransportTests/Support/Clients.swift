import HTTPTransport
import Testing

extension TestServer {
    /// A client of this server, for the length of the closure.
    func withClient<Result>(
        _ change: (inout HTTPClientConfiguration) -> Void = { _ in },
        _ body: (HTTPClient) async throws -> Result
    ) async throws -> Result {
        var configuration = HTTPClientConfiguration(
            base: port == 0 ? .unixSocket(path: socketPath) : .tcp(host: "127.0.0.1", port: port)
        )
        change(&configuration)
        let client = try HTTPClient(configuration: configuration)
        defer {
            client.shutdown()
            stop()
        }
        return try await body(client)
    }
}

/// The transport's error of a call that must fail.
func failure(
    sourceLocation: SourceLocation = #_sourceLocation,
    of call: () async throws -> some Any
) async -> HTTPTransportError.Code? {
    do {
        _ = try await call()
        Issue.record("the call did not fail", sourceLocation: sourceLocation)
    } catch let error as HTTPTransportError {
        return error.code
    } catch {
        Issue.record("\(error)", sourceLocation: sourceLocation)
    }
    return nil
}

func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
}
