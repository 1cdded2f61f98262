import AntidoteCore
import Testing

@testable import DockerBackend

extension Faults {
    /// What an administrator, another program or an accident does to a lab that stands.
    @Suite("A lab that somebody took apart by hand")
    struct HandsTests {
        /// The parts of a lab, and how somebody meddles with one.
        enum Meddling: String, CustomStringConvertible {
            case endpointRemoved, neighbourRemoved, gateRemoved, helperRemoved
            case gateNetworkRemoved, labNetworkRemoved, connectionRemoved
            case endpointKilled, gateKilled, endpointPaused, gatePaused, endpointRestarted, gateRestarted
            case takenOffTheLab, takenOffTheConnection
            case allKilledAndNetworksRemoved

            var description: String { rawValue }
        }

        /// One lab for each, to which they are done one after the other.
        static let meddlings: [[Meddling]] = [
            [.endpointRemoved, .neighbourRemoved, .gateRemoved, .helperRemoved],
            [.gateNetworkRemoved, .labNetworkRemoved, .connectionRemoved],
            [.endpointKilled, .gateKilled, .endpointPaused, .gatePaused],
            [
                .endpointRestarted, .gateRestarted, .takenOffTheLab, .takenOffTheConnection,
                .allKilledAndNetworksRemoved,
            ],
        ]

        @Test("is whole again when it is converged, whatever was taken", arguments: meddlings)
        func eachPart(_ meddlings: [Meddling]) async throws {
            try await Bench.with { bench in
                let topology = try topology(of: bench)
                _ = try await bench.converge(topology)
                try await expectWhole(bench, "at first")
                for meddling in meddlings {
                    try await meddle(meddling, with: bench)
                    do { _ = try await bench.converge(topology) } catch { Issue.record(error, "\(meddling)") }
                    try await expectWhole(bench, "\(meddling)")
                }
                try await bench.destroy()
                #expect(try await bench.containers().isEmpty)
                #expect(try await bench.networks().isEmpty)
            }
        }

        @Test(
            "goes wholly, whatever was taken",
            arguments: [
                Meddling.gateRemoved, .labNetworkRemoved, .endpointPaused, .allKilledAndNetworksRemoved,
            ]
        )
        func destroyed(_ meddling: Meddling) async throws {
            try await Bench.with { bench in
                _ = try await bench.converge(try topology(of: bench))
                try await meddle(meddling, with: bench)
                try await bench.destroy()
                #expect(try await bench.containers().isEmpty)
                #expect(try await bench.networks().isEmpty)
            }
        }

        private func topology(of bench: Bench) throws -> Topology {
            let link = Connection(
                name: "a-b",
                subnet: try #require(IPv4Subnet("10.10.0.0/24")),
                attachments: [
                    .init(endpoint: "a", address: try #require(IPv4Address("10.10.0.10")), interface: "link1"),
                    .init(endpoint: "b", address: try #require(IPv4Address("10.10.0.1")), interface: "eth1"),
                ]
            )
            return bench.topology([.idle("a"), .web("b")], connections: [link])
        }

        /// By name and over the connection, from inside; and nothing is there twice.
        private func expectWhole(_ bench: Bench, _ comment: Comment) async throws {
            for host in ["b", "10.10.0.1"] {
                let page = try await bench.shell("timeout 5 wget -q -O - http://\(host)/", in: "a").output
                #expect(page == "page of b", "\(comment): \(host)")
            }
            let roles = try await bench.containers().compactMap { $0.labels[Label.role] }.sorted()
            #expect(roles == ["endpoint", "endpoint", "gate", "helper", "helper"], comment)
            let networks = try await bench.networks().compactMap { $0.labels[Label.network] }.sorted()
            #expect(networks == ["connection:a-b", "gate", "lab"], comment)
            let entries = try await bench.backend.inventory().map(\.state)
            #expect(entries == [.running], comment)
        }

        private func meddle(_ meddling: Meddling, with bench: Bench) async throws {
            let names = Names(bench.id)
            let (a, b) = (names.endpoint("a"), names.endpoint("b"))
            switch meddling {
            case .endpointRemoved: try await docker("rm", "--force", b)
            case .neighbourRemoved: try await docker("rm", "--force", a)
            case .gateRemoved: try await docker("rm", "--force", names.gate)
            case .helperRemoved: try await docker("rm", "--force", names.helper("b"))
            case .gateNetworkRemoved: try await remove(.gate, of: bench)
            case .labNetworkRemoved: try await remove(.lab, of: bench)
            case .connectionRemoved: try await remove(.connection(index: 0, name: "a-b"), of: bench)
            case .endpointKilled: try await docker("kill", b)
            case .gateKilled: try await docker("kill", names.gate)
            case .endpointPaused: try await docker("pause", b)
            case .gatePaused: try await docker("pause", names.gate)
            case .endpointRestarted: try await docker("restart", "--time", "0", b)
            case .gateRestarted: try await docker("restart", "--time", "0", names.gate)
            case .takenOffTheLab:
                try await docker("network", "disconnect", "--force", try await network(.lab, of: bench), b)
            case .takenOffTheConnection:
                let link = try await network(.connection(index: 0, name: "a-b"), of: bench)
                try await docker("network", "disconnect", "--force", link, b)
            case .allKilledAndNetworksRemoved:
                for container in try await bench.containers() { try? await bench.client.killContainer(container.id) }
                for network in try await bench.networks() { try await docker("network", "rm", network.id) }
            }
        }

        private func network(_ network: LabNetwork, of bench: Bench) async throws -> String {
            try #require(try await bench.networks().first { $0.labels[Label.network] == network.key }).id
        }

        /// With whatever is on it.
        private func remove(_ wanted: LabNetwork, of bench: Bench) async throws {
            let network = try await network(wanted, of: bench)
            for container in try await bench.containers() where container.networkIDs.contains(network) {
                // An ended one is on no network any more.
                _ = try? await docker("network", "disconnect", "--force", network, container.id)
            }
            try await docker("network", "rm", network)
        }
    }
}

/// The Docker command line, at the engine of these tests.
@discardableResult
func docker(_ arguments: String...) async throws -> String {
    try await HostProgram.output(["docker", "--host", try TestEngine.address().description] + arguments)
}
