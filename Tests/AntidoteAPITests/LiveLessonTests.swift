import AntidoteCore
import AntidoteLessons
import HTTPTransport
import Testing

@testable import AntidoteAPI

@Suite("Live lessons over HTTP", .timeLimit(.minutes(1)))
struct LiveLessonTests {
    private static let body = #"{"lesson":"ssh-basics"}"#

    @Test func aNewOneIsCreatedAndTheSameAskedForAgainIsFound() async throws {
        try await APIWorld().run { api async throws in
            let token = try await api.client.openSession()
            let first = try await api.client.ask(
                .post,
                "/v1/livelessons",
                token: token,
                body: #"{"lesson":"ssh-basics","stage":1}"#
            )
            #expect(first.status == 201)
            let id = try #require(first["id"])
            #expect(first.headers["Location"] == "/v1/livelessons/\(id)")
            #expect(first["phase"] == "QUEUED")
            #expect(first["queuedSince"] != nil)
            #expect(first.json["wantedStage"] == 1)
            #expect(first.json["stage"] == nil)
            let again = try await api.client.ask(.post, "/v1/livelessons", token: token, body: LiveLessonTests.body)
            #expect(again.status == 200)
            #expect(again["id"] == id)
            #expect(again.headers["Location"] == nil)
            #expect(again.json["wantedStage"] == 1)
            let read = try await api.client.ask(.get, "/v1/livelessons/\(id)", token: token)
            #expect(read.status == 200)
            #expect(read["id"] == id)
            #expect(!read.text.contains(TestLessons.password))
        }
    }

    @Test func aHundredAtOnceGetOne() async throws {
        try await APIWorld().run { api async throws in
            let token = try await api.client.openSession()
            let replies = try await withThrowingTaskGroup(of: APIClient.Reply.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        try await api.client.ask(.post, "/v1/livelessons", token: token, body: LiveLessonTests.body)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(replies.count { $0.status == 201 } == 1)
            #expect(replies.count { $0.status == 200 } == 99)
            #expect(Set(replies.map { $0["id"] }).count == 1)
            #expect(api.store.rows.count == 1)
        }
    }

    @Test func somebodyElsesAndNobodysLookTheSame() async throws {
        try await APIWorld().run { api async throws in
            let (mine, theirs) = (try await api.client.openSession(), try await api.client.openSession())
            let id = try await api.client.request("yaml", token: theirs)
            var answers: Set<String> = []
            for path in [id, "aaaaaaaaaaaaaaaa", "x", "..", "%2e%2e", String(repeating: "a", count: 900)] {
                for (method, body) in [("GET", nil), ("PATCH", #"{"stage":0}"#), ("DELETE", nil)] as [(String, String?)]
                {
                    let reply = try await api.client.ask(
                        .init(rawValue: method),
                        "/v1/livelessons/\(path)",
                        token: mine,
                        body: body
                    )
                    #expect(reply.status == 404)
                    let told = ["title", "detail", "code", "advice", "place"].map { reply[$0] ?? "-" }
                    answers.insert(told.joined(separator: "|"))
                }
            }
            #expect(answers.count == 1, "\(answers)")
            let row = try await api.store.environment(try EnvironmentID(validating: id))
            #expect(row?.wanted == .present)
            #expect(try await ids(api, token: mine) == [])
            #expect(try await ids(api, token: theirs) == [id])
        }
    }

    @Test func theyAreListedInPages() async throws {
        try await APIWorld().run { api async throws in
            let token = try await api.client.openSession()
            let first = try await api.client.request("ssh-basics", token: token)
            let second = try await api.client.request("yaml", token: token)
            #expect(try await ids(api, token: token) == [first, second])
            let page = try await api.client.ask(.get, "/v1/livelessons?limit=1", token: token)
            #expect(ids(page) == [first])
            let next = try #require(page["next"])
            let rest = try await api.client.ask(.get, "/v1/livelessons?limit=1&after=\(next)", token: token)
            #expect(ids(rest) == [second])
            #expect(rest.json["next"] == nil)
            #expect(try await api.client.ask(.get, "/v1/livelessons?after=x", token: token).status == 400)
        }
    }

    @Test func anotherStageIsWanted() async throws {
        try await APIWorld().run { api async throws in
            let token = try await api.client.openSession()
            let id = try await api.client.request("ssh-basics", token: token)
            let path = "/v1/livelessons/\(id)"
            let changed = try await api.client.ask(.patch, path, token: token, body: #"{"stage":2}"#)
            #expect(changed.status == 200)
            #expect(changed.json["wantedStage"] == 2)
            #expect(changed.json["generation"] == 2)
            for (body, status, code) in [
                (#"{"stage":3}"#, 422, "notFound"), (#"{"stage":-1}"#, 422, "notFound"),
                (#"{"stage":9223372036854775807}"#, 422, "notFound"), (#"{"stage":"1"}"#, 422, "invalidField"),
                (#"{"stage":1.5}"#, 422, "invalidField"), (#"{"stage":null}"#, 422, "invalidField"),
                ("{}", 422, "missingField"), (#"{"stage":1,"lesson":"yaml"}"#, 400, "unknownField"),
            ] {
                let reply = try await api.client.ask(.patch, path, token: token, body: body)
                #expect(reply.status == status, "\(body)")
                #expect(reply["code"] == code, "\(body)")
            }
        }
    }

    @Test func oneThatGoesIsNotChangedButMayBeDeletedAgain() async throws {
        try await APIWorld().run { api async throws in
            let token = try await api.client.openSession()
            let id = try await api.client.request("ssh-basics", token: token)
            let path = "/v1/livelessons/\(id)"
            for _ in 0..<2 {
                let deleted = try await api.client.ask(.delete, path, token: token)
                #expect(deleted.status == 202)
                #expect(deleted["phase"] == "DELETING")
            }
            let changed = try await api.client.ask(.patch, path, token: token, body: #"{"stage":1}"#)
            #expect(changed.status == 409)
            #expect(changed["code"] == "notRunning")
            // Its owner can have another one at once.
            #expect(try await api.client.request("ssh-basics", token: token) != id)
        }
    }

    @Test(arguments: [
        (#"{"lesson":"nowhere"}"#, 422, "notFound", "lesson"), (#"{"lesson":"unfinished"}"#, 422, "notFound", "lesson"),
        (#"{"lesson":"yaml","stage":1}"#, 422, "notFound", "stage"), (#"{"stage":1}"#, 422, "missingField", "lesson"),
        (#"{"lesson":7}"#, 422, "invalidField", "lesson"), (#"{"lesson":""}"#, 422, "invalidField", "lesson"),
        (#"{"lesson":"yaml","stage":true}"#, 422, "invalidField", "stage"),
        (#"{"lessonSlug":"yaml"}"#, 400, "unknownField", "lessonSlug"),
        (#"{"lesson":"yaml","sessionId":"x"}"#, 400, "unknownField", "sessionId"),
    ])
    func whatCannotBeIsToldByName(body: String, status: Int, code: String, place: String) async throws {
        try await APIWorld().run { api async throws in
            let token = try await api.client.openSession()
            let reply = try await api.client.ask(.post, "/v1/livelessons", token: token, body: body)
            #expect(reply.status == status)
            #expect(reply["code"] == code)
            #expect(reply["place"] == place)
            #expect(api.store.rows.isEmpty)
        }
    }

    @Test func limitsAreToldAsTooManyRequests() async throws {
        for (limits, code) in [
            (AdmissionLimits(perOwner: 1), "limitExceeded"), (AdmissionLimits(perAddress: 1), "limitExceeded"),
            (AdmissionLimits(queueLength: 1), "queueFull"),
        ] {
            try await APIWorld(limits: limits).run { api async throws in
                let token = try await api.client.openSession()
                _ = try await api.client.request("yaml", token: token)
                let reply = try await api.client.ask(.post, "/v1/livelessons", token: token, body: LiveLessonTests.body)
                #expect(reply.status == 429)
                #expect(reply["code"] == code)
                #expect(reply.headers["Retry-After"] != nil)
            }
        }
    }

    @Test func aLiveLessonKeepsTheEditionThatItWasStartedWith() async throws {
        try await APIWorld().run { api async throws in
            let token = try await api.client.openSession()
            let id = try await api.client.request("ssh-basics", token: token)
            var curriculum = TestLessons.curriculum
            curriculum.version = "2"
            curriculum.lessons["ssh-basics"] = nil
            try await StoredLessons(api.store).replaceCurriculum(
                with: CurriculumEdition(curriculum: curriculum, files: [:])
            )
            while try await api.client.ask(.get, "/v1/lessons/ssh-basics").status != 404 {
                try Task.checkCancellation()
            }
            let read = try await api.client.ask(.get, "/v1/livelessons/\(id)", token: token)
            #expect(read.status == 200)
            #expect(read.text.contains(#""name":"linux""#))
            let changed = try await api.client.ask(
                .patch,
                "/v1/livelessons/\(id)",
                token: token,
                body: #"{"stage":2}"#
            )
            #expect(changed.status == 200)
        }
    }

    @Test func lookingAtOneIsAUseThatCostsFewWrites() async throws {
        let gate = Gate()
        gate.open()
        var world = APIWorld()
        world.wrap = { store in
            store.gated { name in if name == "environment" { await gate.pass() } }
        }
        try await world.run { api async throws in
            let token = try await api.client.openSession()
            let id = try await api.client.request("yaml", token: token)
            let before = gate.count
            for _ in 0..<20 { _ = try await api.client.ask(.get, "/v1/livelessons/\(id)", token: token) }
            // Each looks, and one of them asks whether the use is worth a write.
            #expect(gate.count - before == 21)
        }
    }

    private func ids(_ api: APIWorld.Running, token: String) async throws -> [String] {
        ids(try await api.client.ask(.get, "/v1/livelessons", token: token))
    }

    private func ids(_ reply: APIClient.Reply) -> [String] {
        guard case .array(let rows) = reply.json["liveLessons"] else { return ["no list"] }
        return rows.compactMap { if case .string(let id) = $0["id"] { id } else { nil } }
    }
}
