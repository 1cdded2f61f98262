import AntidoteCore
import HTTPTransport

extension EngineClient {
    /// Whether the engine answers at all.
    func ping() async throws {
        var call = Call("system.ping", .get, ["_ping"])
        call.isVersioned = false
        call.deadline = .seconds(10)
        _ = try await perform(call)
    }

    /// The first question to an engine.
    ///
    /// With TLS 1.3 (RFC 8446, section 4.4.2.4) a server judges our certificate when we take the handshake for done. Where
    /// it closes while the question is on its way, the alert may be lost with the connection: asked again, it says why.
    func versions() async throws -> EngineVersions {
        var call = Call("system.version", .get, ["version"])
        call.isVersioned = false
        call.deadline = .seconds(10)
        var chances = address.isSecure ? 8 : 1
        while true {
            chances -= 1
            do {
                return try await decode(from: call)
            } catch let error as AntidoteError where error.isOfLostConnection && chances > 0 {
                try Task.checkCancellation()
            }
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
                advice: "It may be restarting: try again."
            )
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(lines: lines.makeAsyncIterator()) }
}
