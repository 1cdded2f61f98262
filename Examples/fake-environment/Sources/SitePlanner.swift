import AntidoteCore

/// Previews of web sites: each a server and its database, at the release that is asked for.
struct SitePlanner: EnvironmentPlanner {
    /// The image of each site, by its name.
    let images: [String: String]

    func plan(_ request: PlanRequest) async throws -> EnvironmentPlan {
        let environment = request.environment
        guard let image = images[environment.source.name] else {
            throw AntidoteError(
                .notFound,
                "there is no site “\(environment.source.name)”",
                recovery: "There are: \(images.keys.sorted().joined(separator: ", "))."
            )
        }
        let server = Endpoint(
            name: "server",
            image: ImageReference(image),
            limits: ResourceLimits(cpus: 0.5, memoryBytes: 256 << 20),
            ports: [Topology.Port(80, exposure: .owner, probe: .http(path: "/"))]
        )
        let database = Endpoint(
            name: "database",
            image: ImageReference("postgres:17"),
            environment: ["POSTGRES_PASSWORD": .secret(Secret("only in here"))],
            ports: [Topology.Port(5432, probe: .tcp)]
        )
        let release = Job(
            id: JobID(unchecked: "release"),
            endpoint: "server",
            image: ImageReference(image),
            command: ["install-release", "\(environment.revision)"],
            deadline: .seconds(60)
        )
        return EnvironmentPlan(
            topology: Topology(id: request.id, revision: environment.revision, endpoints: [server, database]),
            jobs: [release]
        )
    }
}
