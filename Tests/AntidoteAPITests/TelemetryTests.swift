import AntidoteCore
import HTTPTransport
import HTTPTypes
import InMemoryLogging
import InMemoryTracing
import Logging
import SecretCanaries
import Testing
import Tracing

@testable import AntidoteAPI

@Suite("What an operator sees of a request", .timeLimit(.minutes(1)))
struct TelemetryTests {
    private static let tracer = Record.tracer

    private func carrier(_ parent: String, _ state: String? = nil) -> [String: String] {
        var fields = HTTPFields()
        if let name = HTTPField.Name("traceparent") { fields[name] = parent }
        if let name = HTTPField.Name("tracestate") { fields[name] = state }
        return TraceHeaders.carrier(fields)
    }

    @Test func aLineTellsTheRouteAndTheSessionAndNeverTheTokenOrTheAddress() async throws {
        let tracer = TelemetryTests.tracer
        let settings = APISettings(port: 0, trustedProxies: [try AddressBlock(validating: "127.0.0.1")])
        let world = APIWorld(settings: settings)
        try await world.run { api async throws in
            let address = [("X-Forwarded-For", "198.51.100.77")]
            let opened = try await api.client.ask(.post, "/v1/sessions", headers: address)
            let (token, session) = (try #require(opened["token"]), try #require(opened["id"]))
            let id = try await api.client.request("yaml", token: token)
            let read = try await api.client.ask(.get, "/v1/livelessons/\(id)", token: token, headers: address)
            _ = try await api.client.ask(.get, "/v1/livelessons?token=\(token)", token: token)
            _ = try await api.client.ask(.get, "/\(token)", token: token)
            _ = try await api.client.ask(.get, "/v1/lessons/\(token)")
            _ = try await api.client.ask(.post, "/v1/livelessons", token: token, body: #"{"lesson":"\#(token)"}"#)
            _ = try await api.client.ask(.post, "/v1/livelessons", token: token, body: #"{"\#(token)":1}"#)
            let line = try #require(
                world.logs.entries.first {
                    $0.metadata[AttributeKey.request] == "\(read.headers["X-Request-Id"] ?? "")"
                }
            )
            #expect(line.level == .info)
            #expect(line.metadata[AttributeKey.httpMethod] == "GET")
            #expect(line.metadata[AttributeKey.httpRoute] == "/v1/livelessons/{id}")
            #expect(line.metadata[AttributeKey.httpStatus] == "200")
            #expect(line.metadata[AttributeKey.session] == "\(session)")
            #expect(line.metadata["duration"] != nil)
            #expect(world.logged.contains { $0.contains("unmatched") })
            for line in world.logged {
                #expect(!line.contains(token), "\(line)")
                #expect(!line.contains("198.51.100"), "\(line)")
                #expect(!line.contains("127.0.0.1"), "\(line)")
            }
            for span in tracer.finishedSpans {
                let text = "\(span.operationName) \(span.attributes) \(span.errors)"
                #expect(!text.contains(token))
                #expect(!text.contains("198.51.100"))
            }
            for row in api.store.rows.values {
                #expect(!"\(row)".contains(token))
                #expect(!"\(row)".contains("198.51.100"))
            }
        }
    }

    @Test func aRequestIsASpanThatIsNamedByItsRoute() async throws {
        let tracer = TelemetryTests.tracer
        try await APIWorld(instance: InstanceID(unchecked: "spans")).run { api async throws in
            let token = try await api.client.openSession()
            let reply = try await api.client.ask(
                .post,
                "/v1/livelessons",
                token: token,
                body: #"{"lesson":"yaml"}"#,
                headers: [("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
            )
            let id = try #require(reply.headers["X-Request-Id"])
            let span = try #require(
                tracer.finishedSpans.first {
                    $0.attributes[AttributeKey.request]?.toSpanAttribute() == .string(id)
                }
            )
            #expect(span.operationName == "POST /v1/livelessons")
            #expect(span.kind == .server)
            #expect(span.attributes[AttributeKey.httpStatus]?.toSpanAttribute() == .int64(201))
            // The row's own trace is the request's: what the workers do goes on with it.
            let row = try #require(api.store.rows[try EnvironmentID(validating: reply["id"] ?? "")])
            #expect(
                row.request.traceContext.values.contains { $0.contains(span.traceID) }
            )
            let admission = tracer.finishedSpans.first {
                $0.operationName == "store admit" && $0.traceID == span.traceID
            }
            #expect(admission != nil)
        }
    }

    @Test(arguments: [
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-extra",
    ])
    func aTraceContextIsTakenOver(parent: String) {
        #expect(carrier(parent, "a=b") == ["traceparent": parent, "tracestate": "a=b"])
    }

    @Test(arguments: [
        "", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-extra",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
    ])
    func whatIsNoTraceContextIsLeft(parent: String) {
        #expect(carrier(parent).isEmpty)
    }

    @Test func aStateOfATraceIsNoPlaceToStoreThings() {
        let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let long = String(repeating: "x", count: 513)
        #expect(carrier(parent, long) == ["traceparent": parent])
    }
}
