import AntidoteCore

/// The labs of the simulation, as a pure function: which endpoints there are, and what their jobs must have done.
enum LabPlanner {
    static let pair = EnvironmentSource(kind: "test", name: "pair")
    static let solo = EnvironmentSource(kind: "test", name: "solo")
    /// Its job fails for good.
    static let broken = EnvironmentSource(kind: "test", name: "broken")
    /// Nobody knows it.
    static let unknown = EnvironmentSource(kind: "test", name: "unknown")

    static let topologyKey = "TOPOLOGY"
    static let generationKey = "GENERATION"
    static let revisionKey = "REVISION"

    static let planners: [String: any EnvironmentPlanner] = ["test": planner]

    private static let planner = FunctionPlanner { request in
        let (environment, id) = (request.environment, request.id)
        guard environment.source.name != unknown.name else {
            throw AntidoteError(.curriculumInvalid, "there is no such lab")
        }
        let topology = topology(of: environment.source, revision: environment.revision, as: id)
        return EnvironmentPlan(
            topology: topology,
            jobs: topology.endpoints.map { endpoint in
                Job(
                    id: JobID(unchecked: "configure-\(endpoint.name)"),
                    endpoint: endpoint.name,
                    image: ImageReference("configurator"),
                    command: [environment.source == broken ? "false" : "true"],
                    environment: [
                        topologyKey: .plain(id.description),
                        generationKey: .plain(String(environment.generation)),
                        revisionKey: .plain(String(environment.revision)),
                    ],
                    deadline: .seconds(30)
                )
            }
        )
    }

    /// The second endpoint is the same at each revision, the first never, and the third is there at one only.
    static func topology(of source: EnvironmentSource, revision: Int, as id: TopologyID) -> Topology {
        var endpoints = [
            Endpoint(
                name: "web",
                image: ImageReference("web"),
                environment: [revisionKey: .plain(String(revision))],
                ports: [Topology.Port(80, exposure: .owner)]
            )
        ]
        if source == pair {
            endpoints.append(Endpoint(name: "client", image: ImageReference("client")))
            if revision == 2 { endpoints.append(Endpoint(name: "db", image: ImageReference("db"))) }
        }
        return Topology(id: id, revision: revision, endpoints: endpoints)
    }
}
