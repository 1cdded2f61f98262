import AntidoteCore
import HTTPTransport
import Testing

@testable import AntidoteAPI

@Suite("The OpenAPI document", .timeLimit(.minutes(1)))
struct OpenAPITests {
    /// The routes that are promised, whatever the table says.
    private static let promised: Set<String> = [
        "get /v1/lessons", "get /v1/lessons/{slug}", "post /v1/sessions", "get /v1/sessions/current",
        "delete /v1/sessions/current", "post /v1/livelessons", "get /v1/livelessons", "get /v1/livelessons/{id}",
        "patch /v1/livelessons/{id}", "delete /v1/livelessons/{id}", "get /livez", "get /readyz", "get /metrics",
        "get /openapi.json",
    ]

    @Test func tellsOfEveryRouteAndOfNoOther() async throws {
        try await APIWorld().run { api async throws in
            let document = try await document(of: api)
            #expect(document["openapi"] == "3.1.0")
            #expect(Set(operations(in: document).map { "\($0.method) \($0.path)" }) == OpenAPITests.promised)
            let names = operations(in: document).compactMap { $0.operation["operationId"] }
            #expect(Set(names).count == OpenAPITests.promised.count)
        }
    }

    /// Each operation of the document is one that the server knows: anything but 404 for the path, or 405.
    @Test func everythingInItIsServed() async throws {
        try await APIWorld().run { api async throws in
            for (method, path, operation) in operations(in: try await document(of: api)) {
                let concrete = path.replacing("{slug}", with: "yaml").replacing("{id}", with: "aaaaaaaaaaaaaaaa")
                let reply = try await api.client.ask(.init(rawValue: method.uppercased()), concrete)
                #expect(reply["code"] != "pathUnknown", "\(method) \(path)")
                #expect(reply.status != 405, "\(method) \(path)")
                // What needs a session says so, and nothing else does.
                let needsSession = operation["security"] != []
                #expect((reply.status == 401) == needsSession, "\(method) \(path)")
                #expect(operation["responses"]?[String(reply.status)] != nil, "\(method) \(path): \(reply.status)")
            }
        }
    }

    @Test func realAnswersHaveTheShapesThatItTells() async throws {
        let world = APIWorld(limits: AdmissionLimits(perOwner: 2))
        try await world.run { api async throws in
            let document = try await document(of: api)
            let client = api.client
            let token = try await client.openSession()
            let id = try await client.request("ssh-basics", token: token)
            let path = "/v1/livelessons/\(id)"
            let yaml = #"{"lesson":"yaml"}"#
            // The method, the path's pattern, and what came.
            var seen: [(String, String, APIClient.Reply)] = []
            func see(
                _ method: String,
                _ pattern: String,
                _ path: String? = nil,
                token: String? = nil,
                body: String? = nil
            ) async throws {
                let reply = try await client.ask(
                    .init(rawValue: method.uppercased()),
                    path ?? pattern,
                    token: token,
                    body: body
                )
                seen.append((method, pattern, reply))
            }
            try await see("get", "/v1/lessons")
            try await see("get", "/v1/lessons", "/v1/lessons?limit=1")
            try await see("get", "/v1/lessons", "/v1/lessons?limit=x")
            try await see("get", "/v1/lessons/{slug}", "/v1/lessons/yaml")
            try await see("get", "/v1/lessons/{slug}", "/v1/lessons/nowhere")
            try await see("post", "/v1/sessions")
            try await see("post", "/v1/sessions", body: #"{"x":1}"#)
            try await see("get", "/v1/sessions/current", token: token)
            try await see("get", "/v1/sessions/current")
            try await see("post", "/v1/livelessons", token: token, body: yaml)
            try await see("post", "/v1/livelessons", token: token, body: yaml)
            try await see("post", "/v1/livelessons", token: token, body: "{}")
            try await see("post", "/v1/livelessons", token: token, body: "[")
            try await see("get", "/v1/livelessons", token: token)
            try await see("get", "/v1/livelessons", "/v1/livelessons?limit=1", token: token)
            try await see("get", "/v1/livelessons/{id}", path, token: token)
            try await see("get", "/v1/livelessons/{id}", "/v1/livelessons/x", token: token)
            try await see("patch", "/v1/livelessons/{id}", path, token: token, body: #"{"stage":1}"#)
            try await see("patch", "/v1/livelessons/{id}", path, token: token, body: #"{"stage":9}"#)
            try await see("delete", "/v1/livelessons/{id}", path, token: token)
            try await see("patch", "/v1/livelessons/{id}", path, token: token, body: #"{"stage":1}"#)
            try await see("delete", "/v1/sessions/current", token: token)
            try await see("get", "/livez")
            try await see("get", "/readyz")
            try await see("get", "/openapi.json")
            try await see("get", "/metrics")

            var cases: [SchemaChecker.Case] = []
            for (method, pattern, reply) in seen {
                let responses = document["paths"]?[pattern]?[method]?["responses"]
                let response = try #require(responses?[String(reply.status)], "\(method) \(pattern): \(reply.status)")
                guard reply.status != 204 else { continue }
                let type = try #require(reply.headers["Content-Type"])
                let told = try #require(response["content"]?[type]?["schema"], "\(method) \(pattern): \(type)")
                guard case .string(let reference) = told["$ref"] else { continue }
                let name = String(reference.split(separator: "/").last ?? "")
                cases.append(.init(schema: try #require(Schema(rawValue: name)), body: reply.body))
            }
            #expect(cases.count == seen.count - 2)
            let schemas = try #require(document["components"]?["schemas"])
            for (one, errors) in zip(cases, try SchemaChecker.errors(in: cases, schemas: schemas)) {
                #expect(errors.isEmpty, "\(one.schema): \(errors)")
            }
        }
    }

    @Test func theValidatorFindsWhatIsWrong() throws {
        let bad = SchemaChecker.Case(schema: .session, body: Array(#"{"id":"x","createdAt":7,"extra":1}"#.utf8))
        #expect(try SchemaChecker.errors(in: [bad], schemas: OpenAPIDocument.schemas)[0].count == 3)
    }

    private func document(of api: APIWorld.Running) async throws -> JSONValue {
        let reply = try await api.client.ask(.get, "/openapi.json")
        #expect(reply.status == 200)
        return reply.json
    }

    private func operations(in document: JSONValue) -> [(method: String, path: String, operation: JSONValue)] {
        guard case .object(let paths) = document["paths"] else { return [] }
        return paths.flatMap { path -> [(String, String, JSONValue)] in
            guard case .object(let operations) = path.value else { return [] }
            return operations.map { ($0.key, path.key, $0.value) }
        }
    }
}
