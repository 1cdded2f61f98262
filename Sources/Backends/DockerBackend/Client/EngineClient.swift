import AntidoteCore
import HTTPTransport
import Metrics
import Synchronization
import Tracing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Speaks the Docker Engine's HTTP API. One extension a group of calls; each call is a span and a metric.
///
/// Throws ``EngineFailure`` for what the engine refuses, and ``AntidoteError`` for an engine that cannot be asked.
final class EngineClient: Sendable {
    let address: EngineAddress
    let limiter: AdaptiveLimiter
    let time: TimeSource
    private let http: HTTPClient
    private let version = Mutex<EngineVersion?>(nil)

    init(address: EngineAddress, limiter: AdaptiveLimiter, time: TimeSource) throws {
        self.address = address
        self.limiter = limiter
        self.time = time
        var configuration = HTTPClientConfiguration(base: address.base)
        // A lab in the making holds a few streams open; with many labs at once that is what counts.
        configuration.maximumConnections = 1024
        do {
            http = try HTTPClient(configuration: configuration)
        } catch {
            throw AntidoteError(error, at: address)
        }
    }

    func shutdown() { http.shutdown() }

    /// How a call is sent.
    struct Call: Sendable {
        var name: String
        var method: HTTPMethod
        var path: [String]
        var query: [(name: String, value: String)] = []
        var headers: HTTPHeaders = [:]
        var body: HTTPRequest.Body = .none
        var deadline: Duration? = .seconds(60)
        var idleTimeout: HTTPRequest.IdleTimeout = .standard
        /// What errors name.
        var place: String?
        /// Whether the path is under the version; only the first greeting is not.
        var isVersioned = true

        init(_ name: String, _ method: HTTPMethod, _ path: [String], place: String? = nil) {
            self.name = name
            self.method = method
            self.path = path
            self.place = place
        }

        /// With `value` as its JSON body.
        func sending(_ value: some Encodable) throws -> Call {
            var call = self
            call.headers["Content-Type"] = "application/json"
            call.body = .bytes(Array(try JSONEncoder().encode(value)))
            return call
        }

        func asking(_ query: [(name: String, value: String)]) -> Call {
            var call = self
            call.query += query
            return call
        }
    }

    /// Sends `call` and reads its whole answer. `accepted` are statuses above 299 that are no errors.
    func perform(_ call: Call, accepting accepted: Set<Int> = []) async throws -> HTTPResponse {
        let request = try await request(for: call)
        return try await observed(call) {
            let response = try await self.translated { try await self.http.execute(request) }
            if response.status >= 300, !accepted.contains(response.status) {
                throw EngineFailure(
                    status: response.status,
                    message: Self.message(in: response.body),
                    operation: call.name,
                    place: call.place
                )
            }
            return response
        }
    }

    func decode<Value: Decodable>(_ type: Value.Type = Value.self, from call: Call) async throws -> Value {
        try Self.decode(type, from: try await perform(call).body, of: call)
    }

    /// Sends `call` and lends the body of its answer while it comes.
    func stream<Result: Sendable>(
        _ call: Call,
        _ body: (HTTPBodyStream) async throws -> Result
    ) async throws -> Result {
        var request = try await request(for: call)
        request.deadline = nil
        request.idleTimeout = call.idleTimeout
        return try await translated {
            try await self.http.withStream(request) { head, stream in
                guard head.status < 300 else {
                    var answer: [UInt8] = []
                    for try await chunk in stream where answer.count < 65_536 { answer += chunk }
                    throw EngineFailure(
                        status: head.status,
                        message: Self.message(in: answer),
                        operation: call.name,
                        place: call.place
                    )
                }
                return try await body(stream)
            }
        }
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8], of call: Call) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw AntidoteError(
                .backendRefused,
                "the answer to \(call.name) is not what a Docker Engine says",
                recovery: "Check that the address is an engine's, and that its version is supported.",
                subject: call.place,
                cause: error
            )
        }
    }

    private func request(for call: Call) async throws -> HTTPRequest {
        var path = call.path
        if call.isVersioned { path.insert(try await negotiatedVersion().path, at: 0) }
        do {
            return HTTPRequest(
                call.method,
                try HTTPPath.encode(path, query: call.query),
                headers: call.headers,
                body: call.body,
                deadline: call.deadline,
                idleTimeout: call.idleTimeout
            )
        } catch {
            throw AntidoteError(error, at: address)
        }
    }

    private func negotiatedVersion() async throws -> EngineVersion {
        if let known = version.withLock({ $0 }) { return known }
        let chosen = try EngineVersion.choose(from: try await versions())
        version.withLock { $0 = chosen }
        return chosen
    }

    private func translated<Value>(_ operation: () async throws -> Value) async throws -> Value {
        do {
            return try await operation()
        } catch let failure as HTTPTransportError {
            throw AntidoteError(failure, at: address)
        }
    }

    private func observed<Value>(_ call: Call, _ operation: () async throws -> Value) async throws -> Value {
        let start = time.uptime()
        var outcome = "error"
        defer {
            Metrics.Timer(
                label: "antidote_docker_call_seconds",
                dimensions: [("call", call.name), ("outcome", outcome)]
            ).recordNanoseconds((time.uptime() - start).wholeMicroseconds * 1000)
        }
        return try await withSpan("docker.\(call.name)", ofKind: .client) { span in
            if let place = call.place { span.attributes["docker.place"] = place }
            let value = try await operation()
            outcome = "ok"
            return value
        }
    }

    private static func message(in body: [UInt8]) -> String {
        if let complaint = try? JSONDecoder().decode(EngineComplaint.self, from: Data(body)) {
            return complaint.message
        }
        return String(decoding: body.prefix(600), as: UTF8.self)
    }
}
