import ChaosScenario
import Foundation
import HTTPTransport

/// Somebody who talks to an API.
struct Visitor: Sendable {
    private let client: HTTPClient
    private(set) var session = ""
    private var token = ""

    /// Somebody without a session.
    init(port: Int) throws {
        client = try HTTPClient(configuration: HTTPClientConfiguration(base: .tcp(host: "127.0.0.1", port: port)))
    }

    /// Somebody with a session of his own.
    static func arrived(at api: Service) async throws -> Visitor {
        var visitor = try Visitor(port: api.port)
        let session = try await visitor.ask(.post, "/v1/sessions").read(Opened.self)
        (visitor.session, visitor.token) = (session.id, session.token)
        return visitor
    }

    private struct Opened: Decodable {
        var id: String
        var token: String
    }

    struct Answer: Sendable {
        var status: Int
        var body: Data

        func read<Value: Decodable>(_ type: Value.Type) throws -> Value {
            do {
                return try JSONDecoder().decode(type, from: body)
            } catch {
                throw ChaosFailure("\(status): \(String(decoding: body, as: UTF8.self)) is no \(type)")
            }
        }
    }

    struct Problem: Decodable {
        var status: Int
        var code: String
        var detail: String
        var checks: [Check]?

        struct Check: Decodable {
            var name: String
            var isHealthy: Bool
            var reason: String?
        }
    }

    struct LiveLesson: Decodable {
        var id: String
        var lesson: String
        var phase: String
        var stage: Int?
    }

    func ask(
        _ method: HTTPMethod,
        _ path: String,
        _ body: String? = nil,
        headers: HTTPHeaders = [:]
    ) async throws -> Answer {
        var request = HTTPRequest(method, path, headers: headers, deadline: .seconds(30))
        if !token.isEmpty { request.headers["Authorization"] = "Bearer \(token)" }
        if let body {
            request.headers["Content-Type"] = "application/json"
            request.body = .bytes(Array(body.utf8))
        }
        let response = try await client.execute(request)
        return Answer(status: response.status, body: Data(response.body))
    }

    /// Asks for a lesson, and returns when it is ready.
    func learn(_ lesson: String, stage: Int = 0, headers: HTTPHeaders = [:]) async throws -> LiveLesson {
        let id = try await request(lesson, stage: stage, headers: headers)
        return try await ready(id, stage: stage)
    }

    /// Asks for a lesson. Returns its id.
    func request(_ lesson: String, stage: Int = 0, headers: HTTPHeaders = [:]) async throws -> String {
        let body = #"{"lesson": "\#(lesson)", "stage": \#(stage)}"#
        return try await ask(.post, "/v1/livelessons", body, headers: headers).read(LiveLesson.self).id
    }

    /// Returns when it is ready at `stage`.
    func ready(_ id: String, stage: Int = 0) async throws -> LiveLesson {
        try await eventually("READY at stage \(stage)") {
            let now = try await ask(.get, "/v1/livelessons/\(id)").read(LiveLesson.self)
            if now.phase == "FAILED" || now.phase == "CLOSED" { throw ChaosFailure("it is \(now.phase)") }
            return now.phase == "READY" && now.stage == stage ? now : nil
        }
    }

    /// Wants it gone, and returns when it is.
    func leave(_ id: String) async throws {
        _ = try await ask(.delete, "/v1/livelessons/\(id)")
        try await gone(id)
    }

    /// Returns when there is no such live lesson.
    func gone(_ id: String) async throws {
        _ = try await eventually("no \(id)") {
            try await ask(.get, "/v1/livelessons/\(id)").status == 404 ? true : nil
        }
    }

    /// Returns when the API says that it is not ready because of `part`, for a reason with `word` in it.
    func seesUnready(_ part: String, _ word: String) async throws {
        _ = try await eventually("not ready: \(part), \(word)") {
            let answer = try await ask(.get, "/readyz")
            guard answer.status == 503 else { return nil as Bool? }
            let problem = try answer.read(Problem.self)
            let check = problem.checks?.first { $0.name == part }
            return problem.code == "notReady" && check?.isHealthy == false
                && (word.isEmpty || check?.reason?.contains(word) == true) ? true : nil
        }
        let alive = try await ask(.get, "/livez")
        guard alive.status == 200 else { throw ChaosFailure("it is not alive: \(alive)") }
    }
}
