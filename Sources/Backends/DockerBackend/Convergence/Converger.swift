import AntidoteCore
import Synchronization

/// One call of `converge`: reads what is there, plans, and does what the plan says.
struct Converger: Sendable {
    let engine: DockerEngine
    let design: LabDesign
    let labeller: Labeller
    let mutate: Mutation
    let progress: ProgressReporter
    let archives: ArchiveCache
    let cpus: Int

    init(engine: DockerEngine, topology: Topology, authority: Authority, progress: ProgressReporter) async throws {
        self.engine = engine
        let configuration = engine.configuration
        design = try LabDesign(topology, settings: engine.settings)
        labeller = Labeller(
            id: topology.id,
            owner: configuration.owner,
            fence: authority.fence,
            attempt: configuration.random.base32(length: 8),
            revision: topology.revision,
            topology: topology.labels
        )
        mutate = Mutation(client: engine.client, authority: authority)
        self.progress = progress
        archives = ArchiveCache(directory: topology.labDirectory)
        cpus = try await engine.information().cpus
    }

    var client: EngineClient { engine.client }
    var id: TopologyID { design.topology.id }

    func run() async throws -> ProvisionedTopology {
        do {
            for attempt in 0..<DockerEngine.nameAttempts {
                do {
                    return try await build()
                } catch is BuiltElsewhere {
                    try await engine.pauseBeforeName(attempt)
                }
            }
            throw AntidoteError(
                .nameConflict,
                "another worker builds this lab on networks of its own",
                recovery: "Two workers quarrel: try again."
            )
        } catch let failure as EngineFailure where failure.isNotFound {
            // Seen a moment ago: somebody removed a part of the lab meanwhile, and it is missing for the next try.
            var error = failure.error
            error.disposition = .retry
            error.recovery = "Somebody removed a part of the lab while it was made: it is made anew."
            throw error
        }
    }

    private func build() async throws -> ProvisionedTopology {
        try mutate.authority.check()
        for endpoint in design.endpoints { progress.report(endpoint.endpoint.name, .waiting) }
        // The events are opened before anything is read, so that no death falls between the two.
        return try await client.withContainerEvents(["die"], labels: id.labels) { events in
            let plan = try await LabPlan(design, gateDigest: gateDigest(), observed: observe())
            async let images: Void = ensureImages(for: plan)
            try await clear(plan)
            let networks = try await ensureNetworks(plan)
            try await images
            do {
                return try await Launch(converger: self, plan: plan, networks: networks).run(watching: events)
            } catch {
                if Task.isCancelled { throw error }
                // Whatever broke: if the lab is on other networks by now, then because another worker was at it.
                let now = try? await LabPlan(design, gateDigest: gateDigest(), observed: observe())
                if let now, now.networks != networks, now.missingNetworks.isEmpty { throw BuiltElsewhere() }
                throw error
            }
        }
    }

    private func observe() async throws -> ObservedLab {
        async let containers = client.containers(labels: id.labels)
        async let networks = client.networks(labels: id.labels)
        return ObservedLab(
            containers: try await containers,
            networks: try await networks,
            outdated: try await outdated(among: try await containers)
        )
    }

    /// Which of `containers` are as the design wants them but for their secrets.
    private func outdated(among containers: [ContainerSummary]) async throws -> Set<String> {
        try await withThrowingTaskGroup(of: String?.self) { group in
            for design in design.endpoints where !design.endpoint.secrets.isEmpty {
                for container in containers where container.labels[Label.digest] == design.digest.description {
                    group.addTask {
                        do {
                            let details = try await client.container(container.id)
                            return details.has(design.endpoint.secrets) ? nil : container.id
                        } catch let failure as EngineFailure where failure.isNotFound {
                            return container.id
                        }
                    }
                }
            }
            return try await group.reduce(into: []) { outdated, id in if let id { outdated.insert(id) } }
        }
    }

    /// The gate is made anew with every change of the topology: its label tells what the lab was converged to.
    func gateDigest() throws -> ContentDigest {
        let image = engine.configuration.gateImage.reference
        return try ContentDigest(of: [design.topologyDigest.description, design.gate.script, image])
    }

    /// Removes what the plan has no use for, containers before the networks that they are on.
    private func clear(_ plan: LabPlan) async throws {
        try await forEachConcurrently(plan.surplusContainers) { id in
            try await mutate("container.remove") { try await client.removeContainer(id) }
        }
        try await forEachConcurrently(plan.surplusNetworks) { id in
            try await mutate("network.remove") { try await client.removeNetwork(id) }
        }
    }

    /// Every image that something is going to be made from.
    private func ensureImages(for plan: LabPlan) async throws {
        var users: [ImageReference: [String]] = [:]
        for endpoint in design.endpoints.map(\.endpoint) where plan.endpoints[endpoint.name] == .make {
            users[endpoint.image, default: []].append(endpoint.name)
        }
        let needsHelper = design.endpoints.contains { !$0.links.isEmpty }
        if plan.gate == .make || needsHelper { users[engine.configuration.gateImage, default: []] += [] }
        try await forEachConcurrently(users.sorted { $0.key.reference < $1.key.reference }) { image, endpoints in
            try await engine.images.ensure(image) { done, total in
                for name in endpoints { progress.report(name, .pulling(done: done, total: total)) }
            }
        }
    }
}

/// Runs `operation` for each element at once; the first error cancels the others. How many really run at once is the
/// limiter's to say.
func forEachConcurrently<Element: Sendable>(
    _ elements: some Sequence<Element>,
    _ operation: @escaping @Sendable (Element) async throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for element in elements { group.addTask { try await operation(element) } }
        try await group.waitForAll()
    }
}

/// Two workers of one incarnation have made networks of their own, and the lab is on the other's: it is looked at again,
/// and adopted.
struct BuiltElsewhere: Error {}
