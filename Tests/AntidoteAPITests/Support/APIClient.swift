import HTTPTransport

@testable import AntidoteAPI

/// Asks an API, and reads what it answers.
struct APIClient: Sendable {
    private let http: HTTPClient

    init(port: Int) throws {
        var configuration = HTTPClientConfiguration(base: .tcp(host: "127.0.0.1", port: port))
        configuration.idleTimeout = .seconds(30)
        http = try HTTPClient(configuration: configuration)
    }

    func shutdown() { http.shutdown() }

    /// What an API answered.
    struct Reply: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let body: [UInt8]

        var json: JSONValue { (try? JSONParser.parse(body)) ?? .null }
        var text: String { String(decoding: body, as: UTF8.self) }
        subscript(key: String) -> String? {
            if case .string(let text) = json[key] { text } else { nil }
        }
    }

    func ask(
        _ method: HTTPMethod,
        _ path: String,
        token: String? = nil,
        body: String? = nil,
        headers: [(String, String)] = []
    ) async throws -> Reply {
        var fields = HTTPHeaders(headers.map { HTTPHeaders.Field($0.0, $0.1) })
        if let token { fields["Authorization"] = "Bearer \(token)" }
        if body != nil, fields["Content-Type"] == nil { fields["Content-Type"] = "application/json" }
        let response = try await http.execute(
            HTTPRequest(method, path, headers: fields, body: body.map { .bytes(Array($0.utf8)) } ?? .none)
        )
        return Reply(status: response.status, headers: response.headers, body: response.body)
    }

    /// The token of a new session.
    func openSession() async throws -> String { try await ask(.post, "/v1/sessions")["token"] ?? "" }

    /// The id of a live lesson of `token`'s session.
    func request(_ lesson: String, token: String, stage: Int = 0) async throws -> String {
        try await ask(.post, "/v1/livelessons", token: token, body: #"{"lesson":"\#(lesson)","stage":\#(stage)}"#)["id"]
            ?? ""
    }
}
