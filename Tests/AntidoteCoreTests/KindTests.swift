import FakeBackend
import SecretCanaries
import Testing

@testable import AntidoteCore

@Suite("Kinds of source in one instance", .timeLimit(.minutes(1)))
struct KindTests {
    private let world = FakeWorld(instance: InstanceID(unchecked: "kinds"))

    /// Sites are named in words of their own, networks are not.
    private struct SiteVocabulary: EventVocabulary {
        var noun: String { "site" }
        func word(for kind: EnvironmentEvent.Kind) -> String { kind == .ready ? "up" : kind.rawValue }
        func type(of kind: EnvironmentEvent.Kind) -> String { "site.\(word(for: kind))" }
        func data(of event: EnvironmentEvent) -> EventData { ["site": .text(event.source.name)] }
        func attributes(of source: EnvironmentSource, revision: Int) -> [String: String] { ["site": source.name] }
    }

    private func planner(_ endpoint: String) -> FunctionPlanner {
        FunctionPlanner { request in
            let endpoints = [Endpoint(name: endpoint, image: ImageReference(endpoint))]
            return EnvironmentPlan(topology: Topology(id: request.id, endpoints: endpoints))
        }
    }

    private func instance(_ bus: InProcessBus = InProcessBus()) -> EmbeddedInstance {
        EmbeddedInstance(
            id: world.id,
            backend: world.backend,
            planners: ["site": planner("server"), "network": planner("router")],
            vocabularies: ["site": SiteVocabulary()],
            bus: bus
        )
    }

    @Test func `each kind is planned by its own planner`() async throws {
        try await instance().withRunning { running in
            let site = try await running.start(EnvironmentSource(kind: "site", name: "same"))
            let network = try await running.start(EnvironmentSource(kind: "network", name: "same"))
            #expect(site != network)
            #expect(try await running.ready(site).provisioned?.endpoints.map(\.name) == ["server"])
            #expect(try await running.ready(network).provisioned?.endpoints.map(\.name) == ["router"])
        }
    }

    @Test func `each kind is published in its own words`() async throws {
        let bus = InProcessBus()
        let instance = instance(bus)
        let heard = try await bus.withSubscription(to: SubjectPattern("antidote.kinds.*.*")) { messages in
            try await instance.withRunning { running in
                for kind in ["site", "network"] {
                    try await running.withEnvironment(of: EnvironmentSource(kind: kind, name: "x")) { _ in }
                }
            }
            var heard: [String: String] = [:]
            for await message in messages {
                heard[message.subject] = String(decoding: message.payload, as: UTF8.self)
                if heard["antidote.kinds.environment.deleted"] != nil { break }
            }
            return heard
        }
        #expect(heard["antidote.kinds.site.up"]?.contains(#""data":{"site":"x"}"#) == true)
        #expect(heard["antidote.kinds.site.up"]?.contains(#""type":"site.up""#) == true)
        #expect(heard["antidote.kinds.environment.ready"]?.contains(#""kind":"network","name":"x""#) == true)
        #expect(heard["antidote.kinds.environment.ready"]?.contains(#""type":"environment.ready""#) == true)
    }

    @Test func `a kind without a planner fails, and the error names the registered kinds`() async throws {
        try await instance().withRunning { running in
            let id = try await running.start(EnvironmentSource(kind: "game", name: "x"))
            let failure = try await running.failure(of: id)
            #expect(failure?.code == .unsupported)
            for kind in ["game", "network", "site"] { #expect(failure?.message.contains("“\(kind)”") == true) }
        }
    }

    @Test func `workers know the events of the kinds that they plan`() {
        let instance = instance()
        let known = instance.dependencies.publisher.vocabularies.vocabularies(of: instance.planners.kinds)
        #expect(known.map(\.noun) == ["environment", "site"])
    }

    @Test func `members of an event are in alphabetical order however they were set`() throws {
        var data: EventData = ["b": 2, "a": "x", "d": 4]
        data["c"] = 3
        data["d"] = nil
        data["a"] = 1
        #expect(data.members.map(\.key) == ["a", "b", "c"])
        #expect(data["a"] == 1 && data["b"]?.number == 2 && data["d"] == nil)
    }
}
