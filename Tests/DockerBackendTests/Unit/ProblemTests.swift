@_spi(StoreKit) import AntidoteCore
import Testing

@testable import DockerBackend

@Suite("What a Docker Engine cannot do is said before")
struct ProblemTests {
    private func problems(_ endpoints: [Endpoint], _ connections: [Connection] = []) throws -> [String] {
        let configuration = DockerConfiguration(
            instance: InstanceID(unchecked: "t"),
            store: RandomSource.system.storeID(),
            address: .unixSocket(path: "/nowhere")
        )
        let id = TopologyID(
            instance: configuration.instance,
            store: configuration.store,
            environment: RandomSource.system.environmentID(),
            incarnation: 1
        )
        return try DockerBackend(configuration: configuration)
            .problems(with: Topology(id: id, endpoints: endpoints, connections: connections))
            .map { "\($0.subject): \($0.message)" }
    }

    private func connection(_ name: String, _ subnet: String, _ address: String) throws -> Connection {
        Connection(
            name: name,
            subnet: try #require(IPv4Subnet(subnet)),
            attachments: [.init(endpoint: "a", address: try #require(IPv4Address(address)), interface: "x" + name)]
        )
    }

    @Test func none() throws {
        #expect(try problems([.web("a")], [try connection("c", "10.10.0.0/24", "10.10.0.1")]).isEmpty)
    }

    @Test(arguments: ["169.254.169.0/24", "127.0.0.0/8", "224.0.0.0/8", "10.213.7.0/24"])
    func reservedSubnet(_ subnet: String) throws {
        let base = try #require(IPv4Subnet(subnet)?.host(1)).description
        #expect(try problems([.idle("a")], [try connection("c", subnet, base)]).count == 1)
    }

    @Test func overlappingConnections() throws {
        let found = try problems(
            [.idle("a")],
            [try connection("c", "10.10.0.0/16", "10.10.0.1"), try connection("d", "10.10.3.0/24", "10.10.3.1")]
        )
        #expect(found.count == 1)
        #expect(found.first?.contains("overlaps") == true)
    }

    @Test func circle() throws {
        var one = Endpoint.idle("one")
        one.dependsOn = [Dependency(endpoint: "two", condition: .started)]
        var two = Endpoint.idle("two")
        two.dependsOn = [Dependency(endpoint: "one", condition: .ready)]
        #expect(try problems([one, two, .idle("free")]) == ["one: these endpoints wait for each other: one, two."])
    }

    @Test func missingAbilities() throws {
        var endpoint = Endpoint.idle("a")
        endpoint.flavor = .trusted
        endpoint.replicas = 2
        endpoint.limits.storageBytes = 1 << 30
        endpoint.ports = [Topology.Port(80, exposure: .public), Topology.Port(53, transport: .udp, probe: .tcp)]
        #expect(try problems([endpoint]).count == 5)
    }

    @Test func probePath() throws {
        var endpoint = Endpoint.idle("a")
        endpoint.ports = [Topology.Port(80, probe: .http(path: "/a b\r\nHost: x"))]
        #expect(try problems([endpoint]).count == 1)
    }
}
