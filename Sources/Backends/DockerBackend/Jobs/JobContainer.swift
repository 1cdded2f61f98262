import AntidoteCore

/// The container of one job: how it is made, filled, started and read.
struct JobContainer: Sendable {
    private let engine: DockerEngine
    private let job: Job
    private let topology: TopologyID
    private let mutate: Mutation
    private let environment: ResolvedEnvironment
    private let specification: ContainerSpecification
    private let digest: ContentDigest

    init(engine: DockerEngine, job: Job, topology: TopologyID, authority: Authority) async throws {
        try engine.checkOwnership(of: topology)
        try authority.check()
        self.engine = engine
        self.job = job
        self.topology = topology
        mutate = Mutation(client: engine.client, authority: authority)
        environment = try await ResolvedEnvironment(
            job.environment,
            resolver: engine.configuration.secrets,
            place: job.id.rawValue
        )
        let network = try await Self.network(of: topology, engine: engine)
        let cpus = try await engine.information().cpus
        digest = try ContentDigest(
            of: [job.image.reference, job.files.digest.description, job.labDirectory] + job.command
        )
        let labeller = Labeller(
            id: topology,
            owner: engine.configuration.owner,
            fence: authority.fence,
            attempt: engine.configuration.random.base32(length: 8),
            topology: [:]
        )
        var labels = [Label.job: job.id.rawValue]
        if let endpoint = job.endpoint { labels[Label.endpoint] = endpoint }
        var container = ContainerSpecification(image: job.image.reference)
        container.entrypoint = job.command.isEmpty ? nil : [job.command[0]]
        container.command = job.command.isEmpty ? nil : Array(job.command.dropFirst())
        container.environment = environment.variables
        container.labels = labeller.labels(.job, digest: digest, labels)
        let egress = network.labels[Label.egress].flatMap(EgressPolicy.init(rawValue:)) ?? .closed
        container.host = engine.settings.hostSettings(
            network: network.id,
            egress: egress,
            flavor: .untrusted,
            limits: job.limits,
            cpus: cpus
        )
        specification = container
        try await engine.images.ensure(job.image) { _, _ in }
    }

    /// The network of the lab that the job runs in.
    private static func network(of topology: TopologyID, engine: DockerEngine) async throws -> NetworkSummary {
        let labels = topology.labels.merging([Label.network: LabNetwork.lab.key]) { $1 }
        let found = try await engine.client.networks(labels: labels)
        let role = [Label.role: Role.gate.rawValue]
        let gates =
            found.count > 1 ? try await engine.client.containers(labels: topology.labels.merging(role) { $1 }) : []
        guard let network = found.chosen(by: gates) else {
            throw AntidoteError(
                .notFound,
                "the lab \(topology) is not at this engine",
                recovery: "It was removed, or has never been there: start it first."
            )
        }
        return network
    }

    /// The container of the job's name, and whether it was this call that made it.
    func createOrFind() async throws -> (id: String, isOurs: Bool) {
        let name = Names(topology).job(job.id)
        for attempt in 0..<DockerEngine.nameAttempts {
            do {
                let created = try await mutate("container.create") {
                    try await engine.client.createContainer(name, specification)
                }
                try engine.refuseWarnings(created.warnings, of: name)
                return (created.id, true)
            } catch let failure as EngineFailure where failure.isConflict {
                do {
                    let found = try await engine.client.container(name)
                    guard TopologyID(labels: found.labels) == topology else {
                        throw AntidoteError(
                            .foreignResource,
                            "a container that is not ours has the name \(name)",
                            recovery: "Remove or rename it.",
                            subject: name
                        )
                    }
                    return (found.id, false)
                } catch let failure as EngineFailure where failure.isNotFound {
                    try await engine.pauseBeforeName(attempt)
                }
            } catch let failure as EngineFailure where failure.isAboutImage {
                throw AntidoteError.imageVanished(job.image.reference)
            }
        }
        throw AntidoteError(.nameConflict, "the job's name is taken again and again", subject: name)
    }

    func upload(to id: String) async throws {
        let archive = LabArchive.make(of: job.files, in: job.labDirectory)
        try await mutate("container.upload") { try await engine.client.upload(archive, to: id) }
    }

    func start(_ id: String) async throws {
        do {
            try await mutate("container.start") { try await engine.client.startContainer(id) }
        } catch let failure as EngineFailure where failure.isStartRefusal {
            throw AntidoteError(
                .jobFailed,
                "the engine cannot start it: \(failure.message.prefix(600))",
                recovery: "Check its command and its image.",
                subject: job.id.rawValue,
                cause: failure
            )
        }
    }

    /// The end of what it printed, without what nobody should see. `since`: of one run of several.
    func tail(of id: String, since: String? = nil) async throws -> String {
        try await engine.client.logTail(of: id, since: since).text(without: environment.secrets)
    }
}
