import AntidoteCore
import HTTPTransport

extension EngineClient {
    /// Whether the engine answers at all.
    func ping() async throws {
        var call = Call("system.ping", .get, ["_ping"])
        call.isVersioned = false
        call.deadline = .seconds(10)
        _ = try await greet { try await perform(call) }
    }

    func versions() async throws -> EngineVersions {
        var call = Call("system.version", .get, ["version"])
        call.isVersioned = false
        call.deadline = .seconds(10)
        return try await greet { try await decode(from: call) }
    }

    /// A first question to an engine.
    ///
    /// With TLS 1.3 (RFC 8446, section 4.4.2.4) a server judges our certificate when we take the handshake for done. Where
    /// it closes while the question is on its way, its alert is lost with the connection; within a handshake of TLS 1.2 it
    /// is not.
    private func greet<Value>(_ ask: () async throws -> Value) async throws -> Value {
        do {
            return try await ask()
        } catch let error as AntidoteError where error.isOfLostConnection {
            try await hearVerdict()
            throw error
        }
    }

    /// Throws why the server refuses us, if that is why it closed the connection.
    private func hearVerdict() async throws {
        guard case .tls(let host, let port, var settings) = address else { return }
        settings.hasVerdictInHandshake = true
        let base = HTTPClientConfiguration.Base.tls(host: host, port: port, settings)
        let client = try HTTPClient(configuration: HTTPClientConfiguration(base: base))
        defer { client.shutdown() }
        do {
            _ = try await client.execute(HTTPRequest(.get, "/_ping", deadline: .seconds(10)))
        } catch let failure as HTTPTransportError where failure.code == .tls {
            throw AntidoteError(failure, at: address)
        } catch {
            // Anything else says no more than what is known already.
        }
    }

    func information() async throws -> EngineInformation {
        try await decode(from: Call("system.info", .get, ["info"]))
    }

    /// Lends the engine's events of containers that carry all of `labels`, from now on.
    func withContainerEvents<Result: Sendable>(
        _ actions: [String],
        labels: [String: String],
        _ body: @escaping @Sendable (EventStream) async throws -> Result
    ) async throws -> Result {
        let filters = [
            "type": ["container"], "event": actions, "label": LabelFilter.terms(labels),
        ]
        var call = Call("system.events", .get, ["events"]).asking([("filters", try Self.json(filters))])
        call.idleTimeout = .never
        return try await stream(call) { try await body(EventStream(lines: $0.lines())) }
    }
}

/// The engine's events as they come. It ends with an error, never silently.
struct EventStream: AsyncSequence, Sendable {
    let lines: HTTPLines

    struct AsyncIterator: AsyncIteratorProtocol {
        var lines: HTTPLines.AsyncIterator

        mutating func next() async throws -> EventMessage? {
            while let line = try await lines.next() {
                if line.isEmpty { continue }
                let call = EngineClient.Call("system.events", .get, [])
                return try EngineClient.decode(EventMessage.self, from: line, of: call)
            }
            try Task.checkCancellation()
            throw AntidoteError(
                .backendUnavailable,
                "the engine ended its events",
                recovery: "It may be restarting: try again."
            )
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(lines: lines.makeAsyncIterator()) }
}
