import AntidoteCore
import AntidoteLessons
import HTTPTransport
import Testing

@testable import AntidoteAPI

@Suite("Lessons over HTTP", .timeLimit(.minutes(1)))
struct LessonTests {
    @Test func areListedBySlugWithoutSecretsAndWithoutWhatIsHidden() async throws {
        try await APIWorld().run { api async throws in
            let reply = try await api.client.ask(.get, "/v1/lessons")
            #expect(reply.status == 200)
            #expect(reply.headers["Content-Type"] == "application/json")
            #expect(slugs(reply) == ["ssh-basics", "yaml"])
            #expect(reply.json["next"] == nil)
            for secret in [TestLessons.password, TestLessons.script, "configs", "utility", "unfinished"] {
                #expect(!reply.text.contains(secret), "\(secret) got out")
            }
        }
    }

    @Test func comeInPages() async throws {
        try await APIWorld().run { api async throws in
            let first = try await api.client.ask(.get, "/v1/lessons?limit=1")
            #expect(slugs(first) == ["ssh-basics"])
            #expect(first["next"] == "ssh-basics")
            let second = try await api.client.ask(.get, "/v1/lessons?limit=1&after=ssh-basics")
            #expect(slugs(second) == ["yaml"])
            #expect(second.json["next"] == nil)
        }
    }

    @Test func tellTheirStagesAuthorsAndPrerequisites() async throws {
        try await APIWorld().run { api async throws in
            let lesson = try await api.client.ask(.get, "/v1/lessons/yaml").json
            #expect(lesson["name"] == "The lesson “yaml” <b>")
            #expect(lesson["description"] == "Long\nwords.")
            #expect(lesson["prerequisites"] == ["ssh-basics"])
            #expect(lesson["authors"] == [["name": "Ada", "link": "https://example.org/ada"], ["name": "Anonymous"]])
            #expect(
                lesson["stages"] == [
                    ["number": 0, "description": "Stage 0", "guide": "markdown", "objectives": ["Log in"]]
                ]
            )
            let head = try await api.client.ask(.head, "/v1/lessons/yaml")
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
        }
    }

    @Test(arguments: ["nowhere", "unfinished", "YAML", "..", "a%2Fb", "%00", "yaml%20"])
    func whatIsNotShownIsNotFound(slug: String) async throws {
        try await APIWorld().run { api async throws in
            let reply = try await api.client.ask(.get, "/v1/lessons/\(slug)")
            #expect(reply.status == 404)
            #expect(reply["code"] == "notFound")
        }
    }

    @Test func aMistypedSlugIsToldTheNearest() async throws {
        try await APIWorld().run { api async throws in
            #expect(try await api.client.ask(.get, "/v1/lessons/yamll")["advice"] == "Did you mean “yaml”?")
        }
    }

    @Test(arguments: [
        ("limit=0", "limit"), ("limit=x", "limit"), ("limit=201", "limit"), ("limit=1&limit=2", "limit"),
        ("Limit=1", "Limit"), ("token=secret-in-a-query", "token"), ("limit=%ZZ", nil), ("limit=%FF", nil),
    ])
    func aQueryIsTakenToTheLetter(query: String, place: String?) async throws {
        try await APIWorld().run { api async throws in
            let reply = try await api.client.ask(.get, "/v1/lessons?\(query)")
            #expect(reply.status == 400)
            #expect(reply["code"] == "invalidQuery")
            #expect(reply["place"] == place)
            #expect(!reply.text.contains("secret-in-a-query"))
        }
    }

    @Test func anImportIsSeenWithoutARestart() async throws {
        try await APIWorld(curriculum: nil).run { api async throws in
            #expect(slugs(try await api.client.ask(.get, "/v1/lessons")) == [])
            let edition = CurriculumEdition(curriculum: TestLessons.curriculum, files: [:])
            try await StoredLessons(api.store).replaceCurriculum(with: edition)
            while slugs(try await api.client.ask(.get, "/v1/lessons")) != ["ssh-basics", "yaml"] {
                try Task.checkCancellation()
            }
        }
    }

    private func slugs(_ reply: APIClient.Reply) -> [String] {
        guard case .array(let lessons) = reply.json["lessons"] else { return ["no lessons"] }
        return lessons.compactMap { if case .string(let slug) = $0["slug"] { slug } else { nil } }
    }
}
