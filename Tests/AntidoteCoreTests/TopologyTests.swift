import Testing

@testable import AntidoteCore

@Suite("Topologies")
struct TopologyTests {
    private func topology(_ change: (inout Topology) -> Void = { _ in }) throws -> Topology {
        let ends = ["web", "client"]
        var topology = Topology(
            id: TopologyID(
                instance: InstanceID(unchecked: "test"),
                store: StoreID(unchecked: "bbbbbbbbbbbbbbbb"),
                environment: EnvironmentID(unchecked: "aaaaaaaaaaaaaaaa"),
                incarnation: 1
            ),
            endpoints: ends.map { Endpoint(name: $0, image: ImageReference("x"), ports: [Topology.Port(80)]) },
            connections: [try connection("one", "10.0.0.0/24", "net0"), try connection("two", "10.0.1.0/24", "net1")]
        )
        change(&topology)
        return topology
    }

    private func connection(_ name: String, _ subnet: String, _ interface: String) throws -> Connection {
        let subnet = try #require(IPv4Subnet(subnet))
        let attachments = try ["web", "client"].enumerated().map {
            Connection.Attachment(
                endpoint: $0.element,
                address: try #require(subnet.host($0.offset + 2)),
                interface: interface
            )
        }
        return Connection(name: name, subnet: subnet, attachments: attachments)
    }

    @Test func aSoundOneHasNoProblems() throws { #expect(try topology().structuralProblems().isEmpty) }

    static let faults: [(String, @Sendable (inout Topology) -> Void)] = [
        (
            "no endpoints",
            {
                $0.endpoints = []
                $0.connections = []
            }
        ),
        ("relative directory", { $0.labDirectory = "lab" }),
        ("climbing directory", { $0.labDirectory = "/lab/.." }),
        ("root directory", { $0.labDirectory = "/" }),
        ("capital", { $0.endpoints[0].name = "Web" }),
        ("same name", { $0.endpoints[1].name = "web" }),
        ("no replicas", { $0.endpoints[0].replicas = 0 }),
        ("port 0", { $0.endpoints[0].ports = [Topology.Port(0)] }),
        ("port 65536", { $0.endpoints[0].ports = [Topology.Port(65536)] }),
        ("same port", { $0.endpoints[0].ports = [Topology.Port(80), Topology.Port(80)] }),
        ("missing dependency", { $0.endpoints[0].dependsOn = [Dependency(endpoint: "x", condition: .ready)] }),
        ("own dependency", { $0.endpoints[0].dependsOn = [Dependency(endpoint: "web", condition: .ready)] }),
        (
            "circle",
            {
                $0.endpoints[0].dependsOn = [Dependency(endpoint: "client", condition: .ready)]
                $0.endpoints[1].dependsOn = [Dependency(endpoint: "web", condition: .ready)]
            }
        ),
        ("unknown end", { $0.connections[0].attachments[0].endpoint = "x" }),
        ("same connection name", { $0.connections[1].name = "one" }),
        ("same interface", { $0.connections[1].attachments[0].interface = "net0" }),
        ("interface eth0", { $0.connections[0].attachments[0].interface = "eth0" }),
        ("long interface", { $0.connections[0].attachments[0].interface = "sixteencharacter" }),
        (
            "overlap",
            {
                $0.connections[1] = $0.connections[0]
                $0.connections[1].name = "two"
            }
        ),
        ("attached twice", { $0.connections[0].attachments[1].endpoint = "web" }),
        ("same address", { $0.connections[0].attachments[1].address = $0.connections[0].attachments[0].address }),
        ("address outside", { $0.connections[0].attachments[0].address = IPv4Address(bits: 1) }),
    ]

    @Test(arguments: faults.indices)
    func contradictionsAreFound(index: Int) throws {
        let fault = TopologyTests.faults[index]
        let problems = try topology(fault.1).structuralProblems()
        #expect(!problems.isEmpty, "\(fault.0)")
        #expect(AntidoteError(problems: problems)?.disposition == .permanent)
    }

    @Test func dependenciesInALineAreFine() throws {
        let topology = try topology {
            $0.endpoints[0].dependsOn = [Dependency(endpoint: "client", condition: .completed)]
        }
        #expect(topology.structuralProblems().isEmpty)
    }

    @Test func aBackendNamesEachFeatureThatItLacks() throws {
        let none = BackendCapabilities(features: [])
        let topology = try topology {
            $0.egress = .open
            $0.endpoints[0].flavor = .trusted
            $0.endpoints[0].ports = [Topology.Port(53, transport: .udp, exposure: .public)]
            $0.endpoints[1].environment = ["A": .reference(SecretReference(name: "s"))]
        }
        let problems = none.missing(for: topology, backend: BackendID(unchecked: "fake"))
        #expect(problems.map(\.subject) == ["egress", "one", "two", "web", "web", "web", "client"])
        #expect(problems.allSatisfy { $0.code == .unsupported })
        let all = BackendCapabilities(features: Set(BackendCapabilities.Feature.allCases))
        #expect(all.missing(for: topology, backend: BackendID(unchecked: "fake")).isEmpty)
    }

    @Test func aDigestTellsWhatIsBuiltAndNothingElse() throws {
        let digest = try topology().digest()
        #expect(
            try topology {
                $0.revision = 7
                $0.labels = ["a": "b"]
            }.digest() == digest
        )
        #expect(try topology { $0.endpoints[0].image.reference = "y" }.digest() != digest)
        #expect(try topology { $0.egress = .open }.digest() != digest)
    }

    @Test func `a digest is the same in every release, so upgrades leave labs as they are`() throws {
        #expect(try topology().digest().description == "ff974d269c089d69170477c8353b32b6")
    }

    @Test func aDigestTellsWhichVariablesAreSecretAndNotWhatTheyAre() throws {
        func endpoint(_ value: EnvironmentValue) -> Endpoint {
            Endpoint(name: "web", image: ImageReference("x"), environment: ["A": value])
        }
        let (one, two) = (endpoint(.secret(Secret("one"))), endpoint(.secret(Secret("two"))))
        // Whoever reads a digest could try passwords on it.
        #expect(try one.digest() == two.digest())
        #expect(one.secrets == ["A": Secret("one")] && two.secrets != one.secrets)
        let all = try [
            one.digest(), endpoint(.plain("<redacted>")).digest(),
            endpoint(.reference(SecretReference(name: "one"))).digest(),
        ]
        #expect(Set(all).count == 3)
    }
}
