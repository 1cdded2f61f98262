import AntidoteCore

extension Converger {
    /// Creates a container, or finds the one that another worker of this incarnation created from the same design.
    func createOrAdopt(
        _ name: String,
        digest: ContentDigest,
        secrets: [String: Secret] = [:],
        _ specification: ContainerSpecification
    ) async throws -> (id: String, isRunning: Bool) {
        for attempt in 0..<DockerEngine.nameAttempts {
            do {
                let created = try await mutate("container.create") {
                    try await client.createContainer(name, specification)
                }
                try engine.refuseWarnings(created.warnings, of: name)
                return (created.id, false)
            } catch let failure as EngineFailure where failure.isConflict {
                guard let found = try await holder(of: name) else {
                    try await engine.pauseBeforeName(attempt)
                    continue
                }
                if found.labels[Label.digest] == digest.description, found.has(secrets) {
                    guard found.labels[Label.networks] == specification.labels[Label.networks] else {
                        throw BuiltElsewhere()
                    }
                    if found.state.isAlive { return (found.id, true) }
                    if !found.state.wasStarted { return (found.id, false) }
                }
                // Ours, and dead or of an older design.
                try await mutate("container.remove") { try await client.removeContainer(found.id) }
            } catch let failure as EngineFailure where failure.isAboutImage {
                throw AntidoteError.imageVanished(specification.image)
            }
        }
        throw AntidoteError(
            .nameConflict,
            "the name is taken again and again",
            recovery: "Two workers quarrel: try again.",
            subject: name
        )
    }

    /// Who has the name: `nil` if they are gone already. Throws `foreignResource` if it is not ours.
    private func holder(of name: String) async throws -> ContainerDetails? {
        do {
            let found = try await client.container(name)
            guard TopologyID(labels: found.labels) == id else {
                throw AntidoteError(
                    .foreignResource,
                    "a container that is not ours has the name \(name)",
                    recovery: "Remove or rename it: “docker rename \(name) …”.",
                    subject: name
                )
            }
            return found
        } catch let failure as EngineFailure where failure.isNotFound {
            return nil
        }
    }

    /// Brings one endpoint to where its process runs and its interfaces are the author's. Returns its container.
    /// `register` is told its id before it starts.
    func bringUp(
        _ design: EndpointDesign,
        step: LabPlan.Step,
        networks: [LabNetwork: String],
        register: @escaping @Sendable (String) -> Void
    ) async throws -> String {
        let name = design.endpoint.name
        switch step {
        case .completed(let id):
            return id
        case .adopt(let id, let isWired):
            register(id)
            progress.report(name, .running)
            try await wire(design, container: id, networks: networks, mayBeWired: isWired)
            return id
        case .finish(let id):
            progress.report(name, .starting)
            register(id)
            return try await finish(design, container: id, networks: networks)
        case .make:
            progress.report(name, .starting)
            let specification = try await specification(of: design, networks: networks)
            let (id, isRunning) = try await createOrAdopt(
                design.containerName,
                digest: design.digest,
                secrets: design.endpoint.secrets,
                specification
            )
            register(id)
            if isRunning {
                try await wire(design, container: id, networks: networks)
                return id
            }
            return try await finish(design, container: id, networks: networks)
        }
    }

    private func finish(
        _ design: EndpointDesign,
        container: String,
        networks: [LabNetwork: String]
    ) async throws -> String {
        for link in design.links {
            guard let network = networks[link.network] else { continue }
            try await mutate("network.connect") { try await client.connect(container, to: network) }
        }
        let archive = archives.archive(of: design.endpoint.files)
        try await mutate("container.upload") { try await client.upload(archive, to: container) }
        try await start(container, endpoint: design.endpoint.name)
        try await wire(design, container: container, networks: networks)
        progress.report(design.endpoint.name, .running)
        return container
    }

    private func start(_ container: String, endpoint: String) async throws {
        do {
            try await mutate("container.start") { try await client.startContainer(container) }
        } catch let failure as EngineFailure where failure.isStartRefusal {
            throw AntidoteError(
                .endpointFailed,
                "the engine cannot start it: \(failure.message.prefix(600))",
                recovery: "Check its command, its image and its limits.",
                subject: endpoint,
                disposition: .permanent,
                cause: failure
            )
        }
    }

    private func specification(
        of design: EndpointDesign,
        networks: [LabNetwork: String]
    ) async throws -> ContainerSpecification {
        let endpoint = design.endpoint
        let network = networks[.lab] ?? ""
        let environment = try await ResolvedEnvironment(
            endpoint.environment,
            resolver: engine.configuration.secrets,
            place: endpoint.name
        )
        var container = ContainerSpecification(image: endpoint.image.reference)
        container.hostname = design.hostname
        container.entrypoint = endpoint.command
        container.command = endpoint.arguments
        container.environment = environment.variables
        var more = [Label.endpoint: endpoint.name]
        more[Label.networks] = networks.ids(of: [.lab] + design.links.map(\.network))
        if design.isMeantToEnd { more[Label.completes] = "true" }
        for (key, value) in endpoint.labels { more[Label.informationalPrefix + key] = value }
        container.labels = labeller.labels(.endpoint, digest: design.digest, more)
        container.host = engine.settings.hostSettings(
            network: network,
            egress: self.design.topology.egress,
            flavor: endpoint.flavor,
            limits: endpoint.limits,
            cpus: cpus
        )
        // Said either way: engines let containers forward unless they are told.
        container.host.sysctls = ["net.ipv4.ip_forward": endpoint.forwardsIPv4 ? "1" : "0"]
        container.host.restartPolicy = endpoint.restartPolicy.settings
        container.networking = NetworkingSettings(endpoints: [network: EndpointSettings(aliases: [endpoint.name])])
        return container
    }

    /// Runs the helper that sets the author's addresses, once for each start of a container: one that somebody started
    /// again has the engine's interfaces.
    ///
    /// It stays, ended, until the lab goes: its exit status is the record that the interfaces are set. `mayBeWired`:
    /// whether it is worth looking for.
    private func wire(
        _ design: EndpointDesign,
        container: String,
        networks: [LabNetwork: String],
        mayBeWired: Bool = false
    ) async throws {
        guard !design.links.isEmpty else { return }
        let details = try await client.container(container)
        if !details.state.isAlive {
            // So soon that there is nothing to set. What is meant to end may.
            if design.isMeantToEnd, details.state.exitCode == 0 { return }
            throw try await EndpointDeath(id: container, endpoint: design.endpoint).error(at: engine)
        }
        let addresses = design.links.compactMap { link in
            networks[link.network].flatMap(details.hardwareAddress(on:))
        }
        guard addresses.count == design.links.count else {
            throw AntidoteError(
                .endpointFailed,
                "it is not on all of its connections any more: it ended, or somebody took it off",
                recovery: "It is made anew when the lab is tried again.",
                subject: design.endpoint.name
            )
        }
        let name = self.design.names.helper(design.endpoint.name)
        let script = LinkScript(links: design.links, hardwareAddresses: addresses)
        let digest = try ContentDigest(of: [script.text, container, details.state.startedAt])
        if mayBeWired, let helper = try await holder(of: name), helper.labels[Label.digest] == digest.description,
            helper.state.wasStarted, !helper.state.isAlive, helper.state.exitCode == 0
        {
            return
        }
        let specification = script.container(
            image: engine.configuration.gateImage.reference,
            endpoint: container,
            labels: labeller.labels(
                .helper,
                digest: digest,
                [Label.endpoint: design.endpoint.name, Label.target: container]
            ),
            settings: engine.settings
        )
        let (helper, isRunning) = try await createOrAdopt(name, digest: digest, specification)
        let status = try await client.withNextExit(of: helper) { exit in
            if !isRunning {
                do {
                    try await mutate("container.start") { try await client.startContainer(helper) }
                } catch let failure as EngineFailure where failure.message.contains("non running container") {
                    throw try await EndpointDeath(id: container, endpoint: design.endpoint).error(at: engine)
                }
            }
            let state = try await client.container(helper).state
            // It may have ended before the wait began.
            if state.wasStarted, !state.isAlive { return state.exitCode }
            return try await exit.outcome().status
        }
        guard status == 0 else {
            let tail = try await client.logTail(of: helper).text(without: [])
            throw AntidoteError(
                .endpointFailed,
                "its interfaces could not be set (status \(status))",
                recovery: "Check the addresses and interface names of its connections.",
                subject: design.endpoint.name,
                logTail: tail
            )
        }
    }

    /// Brings the gate up.
    func bringUpGate(step: LabPlan.Step, networks: [LabNetwork: String]) async throws -> String {
        if case .adopt(let id, _) = step { return id }
        let hasOuter = !design.gate.exposures.isEmpty
        let lab = networks[.lab] ?? ""
        let digest = try gateDigest()
        let specification = design.gate.container(
            image: engine.configuration.gateImage.reference,
            network: hasOuter ? networks[.gate] ?? "" : lab,
            labels: labeller.labels(
                .gate,
                digest: digest,
                [
                    Label.topologyDigest: design.topologyDigest.description,
                    Label.endpointCount: String(design.endpoints.count),
                    Label.networks: networks.ids(of: design.networks) ?? "",
                ]
            ),
            settings: engine.settings
        )
        let (id, isRunning) = try await createOrAdopt(design.names.gate, digest: digest, specification)
        if isRunning { return id }
        if hasOuter { try await mutate("network.connect") { try await client.connect(id, to: lab) } }
        try await mutate("container.start") { try await client.startContainer(id) }
        return id
    }
}

extension EngineFailure {
    /// A start that no second try would mend: no such command, or one that cannot be run.
    var isStartRefusal: Bool {
        let text = message.lowercased()
        return status == 400 || text.contains("executable file not found") || text.contains("permission denied")
            || text.contains("no such file or directory")
    }
}

extension RestartPolicy {
    var settings: RestartSettings? {
        switch self {
        case .never: nil
        case .onFailure: RestartSettings(name: "on-failure", maximumRetryCount: 10)
        case .always: RestartSettings(name: "always")
        }
    }
}
