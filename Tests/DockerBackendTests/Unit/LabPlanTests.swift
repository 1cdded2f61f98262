import AntidoteCore
import Testing

@testable import DockerBackend

@Suite("Planning")
struct LabPlanTests {
    private let id = TopologyID(
        instance: InstanceID(unchecked: "test"),
        store: StoreID(unchecked: "aaaaaaaaaaaaaaaa"),
        environment: EnvironmentID(unchecked: "bbbbbbbbbbbbbbbb"),
        incarnation: 3
    )

    private func design(_ endpoints: [Endpoint], connections: [Connection] = []) throws -> LabDesign {
        let configuration = DockerConfiguration(instance: id.instance, store: id.store)
        return try LabDesign(
            Topology(id: id, endpoints: endpoints, connections: connections),
            settings: ContainerSettings(configuration)
        )
    }

    private let gateDigest = ContentDigest(String(repeating: "a", count: 32))

    private func connection() throws -> Connection {
        Connection(
            name: "link",
            subnet: try #require(IPv4Subnet("10.10.0.0/24")),
            attachments: [
                .init(endpoint: "a", address: try #require(IPv4Address("10.10.0.1")), interface: "eth1")
            ]
        )
    }

    /// What would be at the engine if `design` had been built.
    private func built(_ design: LabDesign) throws -> ObservedLab {
        let networks = try design.networks.map { network in
            NetworkSummary(
                id: "net-" + network.key,
                name: design.names.network(network),
                labels: [
                    Label.network: network.key, Label.digest: try design.digest(of: network).description,
                ]
            )
        }
        let all = Set(networks.map(\.id))
        func ids(_ networks: [LabNetwork]) -> String { networks.map { "net-" + $0.key }.joined(separator: ",") }
        var containers = design.endpoints.map { endpoint in
            ContainerSummary(
                id: "id-" + endpoint.endpoint.name,
                labels: [
                    Label.role: "endpoint", Label.endpoint: endpoint.endpoint.name,
                    Label.digest: endpoint.digest.description,
                    Label.networks: ids([.lab] + endpoint.links.map(\.network)),
                ],
                state: .running,
                networkIDs: all
            )
        }
        for endpoint in design.endpoints where !endpoint.links.isEmpty {
            containers.append(
                ContainerSummary(
                    id: "helper-" + endpoint.endpoint.name,
                    labels: [Label.role: "helper", Label.target: "id-" + endpoint.endpoint.name],
                    state: .exited,
                    status: "Exited (0) 2 seconds ago"
                )
            )
        }
        containers.append(
            ContainerSummary(
                id: "gate",
                labels: [
                    Label.role: "gate", Label.digest: gateDigest?.description ?? "",
                    Label.networks: ids(design.networks),
                ],
                state: .running,
                networkIDs: all
            )
        )
        return ObservedLab(containers: containers, networks: networks)
    }

    private func plan(_ design: LabDesign, _ observed: ObservedLab) throws -> LabPlan {
        try LabPlan(design, gateDigest: try #require(gateDigest), observed: observed)
    }

    @Test("of nothing everything is made")
    func nothing() throws {
        let design = try design([.web("a"), .idle("b")])
        let plan = try plan(design, ObservedLab(containers: [], networks: []))
        #expect(plan.endpoints == ["a": .make, "b": .make])
        #expect(plan.gate == .make)
        #expect(plan.missingNetworks == [.gate, .lab])
        #expect(plan.surplusContainers.isEmpty)
    }

    @Test("what is whole is left alone")
    func whole() throws {
        let design = try design([.web("a"), .idle("b")], connections: [try connection()])
        let plan = try plan(design, try built(design))
        #expect(plan.endpoints.values.allSatisfy { if case .adopt(_, true) = $0 { true } else { false } })
        #expect(plan.gate == .adopt(id: "gate", isWired: true))
        #expect(plan.missingNetworks.isEmpty)
        #expect(plan.surplusContainers.isEmpty)
        #expect(plan.surplusNetworks.isEmpty)
    }

    @Test("of the networks of two workers the gate's are the lab's, though others are older")
    func twoWorkers() throws {
        let design = try design([.web("a"), .idle("b")])
        var observed = try built(design)
        for index in observed.networks.indices {
            var other = observed.networks[index]
            other.id = "late-" + other.id
            other.created = "2000-01-01T00:00:00Z"
            observed.networks.append(other)
            observed.networks[index].created = "2000-01-01T00:00:01Z"
        }
        observed.containers[0].labels[Label.networks] = "late-net-lab"
        observed.containers[0].networkIDs = ["late-net-lab"]
        let found = try plan(design, observed)
        #expect(found.networks == [.lab: "net-lab", .gate: "net-gate"])
        #expect(found.surplusNetworks == ["late-net-gate", "late-net-lab"])
        #expect(found.endpoints["a"] == .make)
        #expect(found.surplusContainers == ["id-a"])
        #expect(found.endpoints["b"] == .adopt(id: "id-b", isWired: true))
        observed.containers.removeAll { $0.id == "gate" }
        let undecided = try plan(design, observed)
        #expect(undecided.networks == [.lab: "late-net-lab", .gate: "late-net-gate"])
        #expect(undecided.surplusContainers == ["id-b"])
    }

    @Test("what died is removed with its helper and made again")
    func dead() throws {
        let design = try design([.web("a"), .idle("b")], connections: [try connection()])
        var observed = try built(design)
        observed.containers[0].state = .exited
        let plan = try plan(design, observed)
        #expect(plan.endpoints["a"] == .make)
        #expect(plan.surplusContainers == ["helper-a", "id-a"])
    }

    @Test("what was created and not started is finished; what was not wired is wired")
    func unfinished() throws {
        let design = try design([.web("a"), .idle("b")], connections: [try connection()])
        var observed = try built(design)
        observed.containers[1].state = .created
        observed.containers.removeAll { $0.id == "helper-a" }
        let plan = try plan(design, observed)
        #expect(plan.endpoints == ["a": .adopt(id: "id-a", isWired: false), "b": .finish(id: "id-b")])
    }

    @Test("a network that is lost takes what was on it along; jobs are not touched")
    func lostNetwork() throws {
        let design = try design([.web("a")])
        var observed = try built(design)
        observed.networks.removeAll { $0.id == "net-lab" }
        observed.containers.append(ContainerSummary(id: "job", labels: [Label.role: "job"], state: .exited))
        let plan = try plan(design, observed)
        #expect(plan.missingNetworks == [.lab])
        #expect(plan.endpoints == ["a": .make])
        #expect(plan.surplusContainers == ["gate", "id-a"])
    }

    @Test("of networks that several made the oldest stays")
    func duplicates() throws {
        let design = try design([.idle("a")])
        var observed = try built(design)
        let original = try #require(observed.networks.first)
        observed.networks[0].created = "2026-01-02T00:00:00Z"
        var older = original
        older.id = "older"
        older.created = "2026-01-01T00:00:00Z"
        observed.networks.append(older)
        observed.containers.removeAll { $0.id == "gate" }
        let plan = try plan(design, observed)
        #expect(plan.networks[.lab] == "older")
        #expect(plan.surplusNetworks == [original.id])
    }

    @Test("names sort so that interfaces come in the author's order")
    func names() throws {
        let names = Names(id)
        let all = [LabNetwork.gate, .lab] + (0..<12).map { .connection(index: $0, name: "c\($0)") }
        let texts = all.map(names.network)
        #expect(texts == texts.sorted())
        #expect(names.endpoint("gate") != names.gate)
    }

    @Test("labels say who something is, and nothing else does")
    func labels() {
        #expect(TopologyID(labels: id.labels) == id)
        var broken = id.labels
        broken[Label.store] = "short"
        #expect(TopologyID(labels: broken) == nil)
    }

    @Test("endpoints come in the order of what they wait for")
    func schedule() {
        var second = Endpoint.idle("second")
        second.dependsOn = [Dependency(endpoint: "first", condition: .ready)]
        var third = Endpoint.idle("third")
        third.dependsOn = [Dependency(endpoint: "second", condition: .started)]
        var schedule = LaunchSchedule([third, second, .idle("first")])
        #expect(schedule.takeLaunchable() == ["first"])
        schedule.reach("first", .started)
        #expect(schedule.takeLaunchable() == [])
        schedule.reach("first", .ready)
        #expect(schedule.takeLaunchable() == ["second"])
        schedule.reach("second", .completed)
        #expect(schedule.takeLaunchable() == ["third"])
        #expect(!schedule.isDone)
        schedule.reach("third", .ready)
        #expect(schedule.isDone)
    }
}
