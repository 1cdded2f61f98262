import AntidoteCore
import AntidoteLessons
import FakeBackend
import HTTPTransport
import Testing

@testable import AntidoteAPI

@Suite("A lesson from its request to its end, over HTTP", .timeLimit(.minutes(1)))
struct LifecycleTests {
    @Test func isRequestedReadyChangedDeletedAndGone() async throws {
        let world = APIWorld()
        try await world.run { api async throws in
            try await running(world, api) {
                let token = try await api.client.openSession()
                let id = try await api.client.request("ssh-basics", token: token)
                let path = "/v1/livelessons/\(id)"
                let ready = try await wait(api, path, token) { $0["phase"] == "READY" }
                #expect(ready.json["stage"] == 0)
                let endpoint = try #require(first(ready.json["endpoints"]))
                #expect(endpoint["name"] == "linux")
                guard case .array(let presentations) = endpoint["presentations"] else {
                    Issue.record("no presentations")
                    return
                }
                #expect(presentations.map { $0["name"] } == ["cli", "web"])
                #expect(presentations.allSatisfy { $0["address"]?["port"] != nil })
                #expect(presentations.first?["user"] == "antidote")
                #expect(!ready.text.contains(TestLessons.password))

                let changed = try await api.client.ask(.patch, path, token: token, body: #"{"stage":2}"#)
                #expect(changed.json["wantedStage"] == 2)
                let again = try await wait(api, path, token) { $0["phase"] == "READY" && $0.json["stage"] == 2 }
                #expect(again.json["generation"] == 2)

                #expect(try await api.client.ask(.delete, path, token: token).status == 202)
                _ = try await wait(api, path, token) { $0.status == 404 }
                #expect(world.provider.topologies.isEmpty)
                let events = try await api.store.events(of: try EnvironmentID(validating: id), after: 0)
                #expect(events.map(\.kind) == [.admitted, .ready, .revisionChanged, .ready, .deleted])
            }
        }
    }

    @Test func aFailureIsToldWithItsReason() async throws {
        let world = APIWorld()
        let script = FakeScript(run: { _ in .ends(JobResult(exitStatus: 3, outputTail: "no route to host")) })
        try await world.run { api async throws in
            try await running(world, api, script) {
                let token = try await api.client.openSession()
                let id = try await api.client.request("ssh-basics", token: token)
                let failed = try await wait(api, "/v1/livelessons/\(id)", token) { $0["phase"] == "FAILED" }
                let failure = try #require(failed.json["failure"])
                #expect(failure["code"] == "jobFailed")
                #expect(failure["logTail"] == "no route to host")
                #expect(failure["advice"] == "Mend the script; its last output may say why.")
                #expect(failed.json["stage"] == nil)
                let schemas = OpenAPIDocument.schemas
                let errors = try SchemaChecker.errors(
                    in: [.init(schema: .liveLesson, body: failed.body)],
                    schemas: schemas
                )
                #expect(errors == [[]])
                // The learner can start again at once.
                #expect(try await api.client.request("ssh-basics", token: token) != id)
            }
        }
    }

    @Test func whatASessionHasGoesWithIt() async throws {
        let world = APIWorld()
        try await world.run { api async throws in
            try await running(world, api) {
                let token = try await api.client.openSession()
                let id = try await api.client.request("yaml", token: token)
                _ = try await wait(api, "/v1/livelessons/\(id)", token) { $0["phase"] == "READY" }
                #expect(try await api.client.ask(.delete, "/v1/sessions/current", token: token).status == 204)
                while !world.provider.topologies.isEmpty {
                    try Task.checkCancellation()
                    await Task.yield()
                }
            }
        }
    }

    /// Runs scheduler and collector over the API's own store and bus, as another process would.
    private func running(
        _ world: APIWorld,
        _ api: APIWorld.Running,
        _ script: FakeScript = .instant,
        _ body: @Sendable () async throws -> Void
    ) async throws {
        let backend = FakeBackend(instance: world.instance, provider: world.provider, script: script, time: .system)
        let instance = EmbeddedInstance(
            id: world.instance,
            backend: backend,
            planners: [
                LessonPlanner.sourceKind: LessonPlanner(
                    library: StoredLessons(api.store),
                    settings: LessonSettings(instance: world.instance)
                )
            ],
            vocabularies: [LessonPlanner.sourceKind: LessonVocabulary()],
            store: api.store,
            bus: api.bus
        )
        try await instance.withRunning { _ in try await body() }
    }

    private func wait(
        _ api: APIWorld.Running,
        _ path: String,
        _ token: String,
        until condition: (APIClient.Reply) -> Bool
    ) async throws -> APIClient.Reply {
        while true {
            try Task.checkCancellation()
            let reply = try await api.client.ask(.get, path, token: token)
            if condition(reply) { return reply }
        }
    }

    private func first(_ value: JSONValue?) -> JSONValue? {
        if case .array(let elements) = value { elements.first } else { nil }
    }
}
