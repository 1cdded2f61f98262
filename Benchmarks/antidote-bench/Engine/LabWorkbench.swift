import AntidoteCore
import AntidoteLessons
import CurriculumFiles
import DockerBackend

/// The instance that labs are measured on: the whole product in this process, and the bare script beside it.
struct LabWorkbench: Sendable {
    /// What a lab is made of.
    enum Kind: String, Sendable, CaseIterable {
        /// Two machines, a cable between them, files, and two ports: a lesson of the examples, without its scripts.
        case lesson
        /// One machine with one port: for many at once.
        case machine
    }

    let engine: BareEngine
    private let instance: InstanceID
    private let edition: LessonEdition

    /// Reads the lesson from the curriculum in `directory`.
    init(socket: String, instance: InstanceID, curriculum directory: String) throws {
        engine = BareEngine(socket: socket)
        self.instance = instance
        let reader = CurriculumReader(directory: directory)
        let curriculum = reader.read().curriculum
        guard let lesson = curriculum.lessons["hello-network"] else {
            throw AntidoteError(.notFound, "there is no lesson hello-network in \(directory)")
        }
        edition = LessonEdition(
            lesson: lesson,
            version: curriculum.version,
            images: curriculum.images,
            files: try reader.lessonFiles(for: lesson)
        )
    }

    /// A new instance with a backend of its own.
    func embedded(socket: String? = nil, policy: SchedulingPolicy = SchedulingPolicy()) throws -> EmbeddedInstance {
        let store = InMemoryStateStore(time: .system, random: .system)
        let configuration = DockerConfiguration(
            instance: instance,
            store: store.id,
            address: .unixSocket(path: socket ?? engine.socket)
        )
        return EmbeddedInstance(
            id: instance,
            backend: try DockerBackend(configuration: configuration),
            planners: ["bench": FunctionPlanner { try plan($0.environment, $0.id) }],
            policy: policy,
            store: store
        )
    }

    static func source(_ kind: Kind) -> EnvironmentSource { EnvironmentSource(kind: "bench", name: kind.rawValue) }

    /// What the backend asks of the engine for one lab.
    func recording(of kind: Kind) async throws -> LabRecording {
        let proxy = RecordingProxy(engine: engine.socket)
        try proxy.start()
        defer { proxy.stop() }
        return try await embedded(socket: proxy.path).withRunning { running in
            try await running.withEnvironment(of: Self.source(kind)) { _ in try LabRecording(proxy.recorded) }
        }
    }

    private func plan(_ environment: Environment, _ id: TopologyID) throws -> EnvironmentPlan {
        switch Kind(rawValue: environment.source.name) {
        case .lesson:
            let planner = LessonPlanner(library: NoLibrary(), settings: LessonSettings(instance: instance))
            var plan = try planner.plan(edition, stage: 0, as: id, session: environment.owner)
            plan.jobs = []
            plan.readyDelay = .zero
            return plan
        case .machine:
            let server = Endpoint(
                name: "server",
                image: ImageReference("antidotelabs/gate:\(AntidoteRelease.version)", pullPolicy: .never),
                command: ["sh", "-c", "mkdir /www; echo hello > /www/index.html; exec httpd -f -h /www"],
                ports: [Topology.Port(80, exposure: .owner, probe: .http(path: "/index.html"))]
            )
            return EnvironmentPlan(topology: Topology(id: id, endpoints: [server]))
        case nil:
            throw AntidoteError(.notFound, "there is no lab \(environment.source.name)")
        }
    }
}

/// The one edition is there already.
private struct NoLibrary: LessonLibrary {
    func currentEdition(of slug: String) async throws -> LessonEdition {
        throw AntidoteError(.notFound, "there is no lesson \(slug)")
    }

    func edition(of slug: String, version: String) async throws -> LessonEdition {
        try await currentEdition(of: slug)
    }
}
