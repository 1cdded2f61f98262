import AntidoteCore
import HTTPTransport
import Testing

@testable import AntidoteAPI

@Suite("Problems", .timeLimit(.minutes(1)))
struct ProblemTests {
    @Test(arguments: AntidoteError.Code.all)
    func everyErrorOfTheCoreHasAStatusAndTellsNoInternals(code: AntidoteError.Code) {
        let error = AntidoteError(code, "at db.internal:5432", recovery: "advice-inside", cause: CancellationError())
        let problem = APIProblem(error)
        #expect(problem.code == code.description)
        let told = String(decoding: problem.body(requestID: "r").encoded, as: UTF8.self)
        #expect(told.contains("db.internal") == (problem.status.rawValue < 500))
        #expect(told.contains("advice-inside") == (problem.status.rawValue < 500))
        #expect((problem.retryAfter != nil) == [429, 503].contains(problem.status.rawValue))
    }

    @Test(arguments: [
        (AntidoteError.Code.notFound, 404), (.notOwner, 404), (.sessionEnded, 401), (.limitExceeded, 429),
        (.queueFull, 429), (.storeUnavailable, 503), (.deadlineExceeded, 503), (.internalFault, 500),
        (.invalidIdentifier, 422), (.unsupported, 422), (.curriculumInvalid, 409), (.backendRefused, 500),
    ])
    func theTable(code: AntidoteError.Code, status: Int) {
        #expect(APIProblem(AntidoteError(code, "x")).status.rawValue == status)
    }

    @Test(arguments: [
        "/", "//", "/v1", "/v1/", "/v2/lessons", "/v1/lessons/", "/v1/lessons/a/b", "/V1/lessons", "/etc/passwd",
        "/v1/../livez", "/v1/%2e%2e/livez", "/v1/lessons/..%2f..%2fetc", "/livez/", "/.git/config",
        "/v1/sessions/others",
    ])
    func whatIsNoPathIsNotFound(path: String) async throws {
        let world = APIWorld()
        try await world.run { api async throws in
            let reply = try await api.client.ask(.get, path)
            #expect(reply.status == 404)
            #expect(reply.headers["Content-Type"] == "application/problem+json")
            #expect(reply.json["status"] == 404)
            #expect(reply["requestId"] == reply.headers["X-Request-Id"])
            #expect(reply["type"] == "urn:antidote:problem:\(reply["code"] ?? "")")
        }
    }

    @Test(arguments: [
        ("POST", "/v1/lessons", "GET, HEAD"), ("PUT", "/v1/sessions", "POST"), ("GET", "/v1/sessions", "POST"),
        ("DELETE", "/v1/livelessons", "POST, GET, HEAD"), ("OPTIONS", "/v1/livelessons/x", "GET, HEAD, PATCH, DELETE"),
        ("PROPFIND", "/livez", "GET, HEAD"),
    ])
    func anotherMethodIsToldWhichThereAre(method: String, path: String, allowed: String) async throws {
        try await APIWorld().run { api async throws in
            let reply = try await api.client.ask(.init(rawValue: method), path)
            #expect(reply.status == 405)
            #expect(reply.headers["Allow"] == allowed)
            #expect(reply["code"] == "methodNotAllowed")
        }
    }

    @Test(arguments: [
        "", "{", "[1,", #"{"lesson":"yaml""#, "null x", "{'a':1}", #"{"a":01}"#, #"{"a":1e}"#, #"{"a":"\x"}"#,
        #"{"a":"\ud800"}"#, #"{"lesson":"yaml","lesson":"yaml"}"#, "\u{FEFF}{}", "nul", "-", "[\"\u{1}\"]", "[1]", "7",
        String(repeating: "[", count: 30_000), String(repeating: #"{"a":"#, count: 10_000),
    ])
    func whatIsNoObjectIsRefused(body: String) async throws {
        try await APIWorld().run { api async throws in
            let token = try await api.client.openSession()
            let reply = try await api.client.ask(.post, "/v1/livelessons", token: token, body: body)
            #expect(reply.status == 400)
            #expect(reply["code"] == "malformedBody")
        }
    }

    @Test func aBodyMayHaveSoManyBytes() async throws {
        try await APIWorld().run { api async throws in
            let token = try await api.client.openSession()
            let filler = String(repeating: " ", count: 64 * 1024)
            for length in [64 * 1024, 64 * 1024 + 1, 1 << 22] {
                let body =
                    #"{"lesson":"yaml"}"# + filler + String(repeating: " ", count: max(0, length - filler.utf8.count))
                let exact = String(body.prefix(length))
                let reply = try await api.client.ask(.post, "/v1/livelessons", token: token, body: exact)
                #expect(reply.status == (length > 64 * 1024 ? 413 : 201))
            }
        }
    }

    @Test(arguments: [
        "text/plain", "application/xml", "application/json; charset=iso-8859-1", "application/jsonx", "json", ",",
        "multipart/form-data; boundary=x",
    ])
    func onlyJSONIsTaken(type: String) async throws {
        try await APIWorld().run { api async throws in
            let token = try await api.client.openSession()
            let reply = try await api.client.ask(
                .post,
                "/v1/livelessons",
                token: token,
                body: #"{"lesson":"yaml"}"#,
                headers: [("Content-Type", type)]
            )
            #expect(reply.status == 415)
            #expect(reply["code"] == "mediaTypeUnsupported")
        }
    }

    @Test(arguments: ["application/json", "Application/JSON;charset=UTF-8", "application/json ; charset=\"utf-8\""])
    func jsonMayBeSpelled(type: String) async throws {
        try await APIWorld().run { api async throws in
            let token = try await api.client.openSession()
            let reply = try await api.client.ask(
                .post,
                "/v1/livelessons",
                token: token,
                body: #"{"lesson":"yaml"}"#,
                headers: [("Content-Type", type)]
            )
            #expect(reply.status == 201)
        }
    }

    @Test func aStoreThatDoesNotAnswerIsAReasonToComeAgain() async throws {
        var world = APIWorld()
        world.wrap = { store in
            store.gated { name in
                if name == "open session" { throw AntidoteError(.storeUnavailable, "no route to db.internal") }
                if name == "sources" { throw OutOfMemory() }
            }
        }
        try await world.run { [world] api async throws in
            let unavailable = try await api.client.ask(.post, "/v1/sessions")
            #expect(unavailable.status == 503)
            #expect(unavailable["code"] == "storeUnavailable")
            #expect(unavailable.headers["Retry-After"] == "5")
            #expect(!unavailable.text.contains("db.internal"))
            let broken = try await api.client.ask(.get, "/v1/lessons")
            #expect(broken.status == 500)
            #expect(broken["code"] == "internalFault")
            #expect(!broken.text.contains("OutOfMemory"))
            // The operator learns what the caller does not, under the id that the caller was told.
            let id = try #require(broken["requestId"])
            #expect(world.logged.contains { $0.contains(id) && $0.contains("OutOfMemory") })
        }
    }

    @Test func aStoreThatIsSilentIsWaitedForSoLong() async throws {
        var world = APIWorld(settings: APISettings(port: 0, handlingTimeout: .milliseconds(50)))
        world.wrap = { store in
            store.gated { name in
                // Like a client of a network: it ends when its task is cancelled.
                if name == "sources" { try await TimeSource.system.sleep(.seconds(60)) }
            }
        }
        try await world.run { api async throws in
            let reply = try await api.client.ask(.get, "/v1/lessons")
            #expect(reply.status == 503)
            #expect(reply["code"] == "deadlineExceeded")
        }
    }

    private struct OutOfMemory: Error {}
}
