public import AntidoteCore

/// Turns a live lesson into a topology, and its stage into jobs.
public struct LessonPlanner: EnvironmentPlanner {
    /// The kind of source that live lessons are made from: register the planner for it.
    public static let sourceKind = "lesson"

    private let library: any LessonLibrary
    private let settings: LessonSettings

    /// Plans the lessons of `library`.
    public init(library: any LessonLibrary, settings: LessonSettings) {
        self.library = library
        self.settings = settings
    }

    public func plan(_ request: PlanRequest) async throws -> EnvironmentPlan {
        let environment = request.environment
        let edition = try await library.edition(of: environment.source.name, version: environment.source.version)
        return try plan(edition, stage: environment.revision, as: request.id, session: environment.owner)
    }

    /// What `edition` needs at `stage`. Throws `notFound` for a stage that it does not have.
    public func plan(
        _ edition: LessonEdition,
        stage: Int,
        as id: TopologyID,
        session: OwnerID
    ) throws -> EnvironmentPlan {
        let lesson = edition.lesson
        guard lesson.stages.indices.contains(stage) else {
            throw AntidoteError(
                .notFound,
                "the lesson “\(lesson.slug)” has no stage \(stage)",
                recovery: "Its stages are 0 to \(lesson.stages.count - 1)."
            )
        }
        var endpoints = try lesson.endpoints.map { try endpoint($0, of: edition, id) }
        if lesson.stages.contains(where: { $0.guide.kind == .jupyter }) { endpoints.append(notebooks(of: edition)) }
        let topology = Topology(
            id: id,
            revision: stage,
            endpoints: endpoints,
            connections: try LinkPlan(edition).connections,
            egress: settings.allowEgress ? .open : .closed,
            labDirectory: settings.labDirectory,
            labels: ["session": session.rawValue, "lesson": lesson.slug]
        )
        let jobs = try lesson.stages[stage].configurations.map { try job($0, of: edition) }
        return EnvironmentPlan(topology: topology, jobs: jobs, readyDelay: lesson.readyDelay)
    }

    private func endpoint(_ endpoint: LessonEndpoint, of edition: LessonEdition, _ id: TopologyID) throws -> Endpoint {
        let image = try edition.image(of: endpoint)
        let reference = "\(settings.imageOrganisation)/\(image.slug):\(settings.imageTag)"
        let routes = settings.presentationDomain.map { domain in
            endpoint.presentations.filter { $0.kind == .http }.map { presentation in
                Route(
                    hostName: "\(settings.instance)-\(id.environment)-\(endpoint.name)-\(presentation.name).\(domain)",
                    port: Int(presentation.port)
                )
            }
        }
        return Endpoint(
            name: endpoint.name,
            image: ImageReference(reference, pullPolicy: settings.pullPolicy),
            files: edition.filesForLearners,
            flavor: image.flavor,
            ports: ports(of: endpoint),
            routes: routes ?? [],
            forwardsIPv4: image.enableForwarding
        )
    }

    private func ports(of endpoint: LessonEndpoint) -> [Topology.Port] {
        var ports: [Topology.Port] = []
        for presentation in endpoint.presentations where !ports.contains(where: { $0.number == presentation.port }) {
            let probe: Probe = presentation.kind == .ssh ? .sshBanner : .http(path: "/")
            ports.append(Topology.Port(Int(presentation.port), exposure: .owner, probe: probe))
        }
        for number in endpoint.additionalPorts where !ports.contains(where: { $0.number == number }) {
            // What learners do not look at directly only has to show that the machine is up, and can be configured.
            let isConfiguredThere = endpoint.configurationKind != nil && number == 22
            ports.append(Topology.Port(Int(number), probe: isConfiguredThere ? .sshBanner : ports.isEmpty ? .tcp : nil))
        }
        return ports
    }

    private func notebooks(of edition: LessonEdition) -> Endpoint {
        Endpoint(
            name: Guide.jupyterEndpointName,
            image: ImageReference(settings.jupyterImage, pullPolicy: settings.pullPolicy),
            files: edition.filesForLearners,
            ports: [Topology.Port(8888, exposure: .owner, probe: .http(path: "/"))]
        )
    }

    /// A name of 63 characters is legal, and leaves no room for what stands before it.
    private static func jobID(for endpoint: String) throws -> JobID {
        let prefix = "configure-"
        if prefix.utf8.count + endpoint.utf8.count <= 63 { return try JobID(validating: prefix + endpoint) }
        var builder = DigestBuilder()
        builder.add(endpoint)
        return try JobID(validating: prefix + endpoint.prefix(44) + "-" + builder.finish().description.prefix(8))
    }

    private func job(_ configuration: LessonConfiguration, of edition: LessonEdition) throws -> Job {
        guard let endpoint = edition.lesson.endpoint(named: configuration.endpoint) else {
            throw AntidoteError(.curriculumInvalid, "there is no endpoint “\(configuration.endpoint)” to configure")
        }
        let login = try edition.image(of: endpoint).configurationLogin
        let file = "\(settings.labDirectory)/\(configuration.path)"
        let port = String(endpoint.presentations.first { $0.kind == .ssh }?.port ?? 22)
        let command =
            switch configuration.kind {
            case .python: ["python3", file]
            case .ansible: ["ansible-playbook", "-i", "\(endpoint.name),", file]
            case .napalm: ["/configure.py", configuration.driver?.rawValue ?? "", port, endpoint.name, file]
            }
        return Job(
            id: try LessonPlanner.jobID(for: endpoint.name),
            endpoint: endpoint.name,
            image: ImageReference(settings.configuratorImage, pullPolicy: settings.pullPolicy),
            command: command,
            environment: [
                "ANTIDOTE_TARGET_HOST": .plain(endpoint.name),
                "ANTIDOTE_TARGET_PORT": .plain(port),
                "ANTIDOTE_TARGET_USERNAME": .plain(login.username),
                "ANTIDOTE_TARGET_PASSWORD": .secret(Secret(login.password)),
                "ANTIDOTE_TARGET_DRIVER": .plain(configuration.driver?.rawValue ?? ""),
                "ANSIBLE_HOST_KEY_CHECKING": .plain("False"),
            ],
            files: edition.files,
            labDirectory: settings.labDirectory,
            deadline: settings.jobDeadline
        )
    }
}

extension LessonEdition {
    /// The lesson's directory without what would tell learners the answers: the `configs` and `objectives` of a stage.
    public var filesForLearners: FileSet {
        files.filter { path in
            let parts = path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
            guard parts.count > 2, parts[0].hasPrefix("stage") else { return true }
            return parts[1] != "configs" && parts[1] != "objectives"
        }
    }
}
