import AntidoteCore
import AntidoteTesting
import BackendMutants
import Testing

@testable import DockerBackend

extension BackendMutant {
    /// Wrong at the engine itself.
    static let docker: [BackendMutant] = [
        BackendMutant("takes over what has its name", ["foreign/same-name"]) {
            $0.converge = { base, topology, authority, progress in
                for endpoint in topology.endpoints {
                    _ = try? await docker(["rm", "--force", Names(topology.id).endpoint(endpoint.name)])
                }
                return try await base.converge(topology, under: authority, progress: progress)
            }
        },
        BackendMutant("does not look at its networks", ["replace/networks"]) { _ in
            let built = Memory<TopologyID, ProvisionedTopology>()
            return Mutation {
                $0.converge = { base, topology, authority, progress in
                    if let known = built[topology.id] { return known }
                    let new = try await base.converge(topology, under: authority, progress: progress)
                    built[topology.id] = new
                    return new
                }
            }
        },
        BackendMutant("lets names of the outside be found", ["names/outside"]) {
            $0.converge = { base, topology, authority, progress in
                let built = try await base.converge(topology, under: authority, progress: progress)
                for network in try await networks(of: topology.id) {
                    let labels = topology.id.labels.flatMap { ["--label", "\($0.key)=\($0.value)"] }
                    _ = try await docker(
                        ["run", "--detach", "--network", network, "--network-alias", "example.com"] + labels
                            + [Bench.image.reference, "sleep", "1000"]
                    )
                }
                return built
            }
        },
        BackendMutant("publishes at every address of an open lab's host", ["isolation/exposed-ports"]) { subject in
            Mutation {
                $0.converge = { _, topology, authority, progress in
                    var open = topology
                    open.egress = .open
                    let installation = ConformanceInstallation(instance: open.id.instance, store: open.id.store)
                    let docker = try #require(subject as? DockerSubject)
                    var configuration = try docker.configuration(for: installation)
                    configuration.publishAddress = "0.0.0.0"
                    return try await DockerBackend(configuration: configuration)
                        .converge(open, under: authority, progress: progress)
                }
            }
        },
        BackendMutant("connects labs with each other", ["isolation/other-labs"]) {
            $0.converge = { base, topology, authority, progress in
                let built = try await base.converge(topology, under: authority, progress: progress)
                for endpoint in topology.endpoints {
                    for entry in try await base.inventory() where entry.id != topology.id {
                        for network in try await networks(of: entry.id) {
                            _ = try await docker(
                                ["network", "connect", network, Names(topology.id).endpoint(endpoint.name)]
                            )
                        }
                    }
                }
                return built
            }
        },
    ]

    private static func networks(of id: TopologyID) async throws -> [String] {
        let filters = id.labels.merging([Label.network: LabNetwork.lab.key]) { $1 }
            .flatMap { ["--filter", "label=\($0.key)=\($0.value)"] }
        return try await docker(["network", "ls", "--quiet"] + filters).split(whereSeparator: \.isWhitespace)
            .map { String($0) }
    }

    private static func docker(_ arguments: [String]) async throws -> String {
        try await HostProgram.output(["docker", "--host", try TestEngine.address().description] + arguments)
    }
}
