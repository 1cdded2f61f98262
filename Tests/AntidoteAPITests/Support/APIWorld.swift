import AntidoteAPI
import AntidoteCore
import AntidoteLessons
import FakeBackend
import HTTPTransport
import InMemoryLogging
import Logging
import SecretCanaries
import ServiceLifecycle

/// An API on a free loopback port, over a store in memory with two lessons, and what it logged.
struct APIWorld: Sendable {
    var limits = AdmissionLimits()
    var settings = APISettings(port: 0)
    var tier = Tier.prod
    var curriculum: Curriculum? = TestLessons.curriculum
    var instance = InstanceID(unchecked: "api")
    var health: [(name: String, part: any HealthChecking)] = []
    var policy = SchedulingPolicy()
    /// What stands between the API and its store.
    var wrap: @Sendable (InMemoryStateStore) -> any StateStore = { $0 }
    let logs = InMemoryLogHandler()
    let provider = FakeProvider(time: .system)

    /// A running API.
    struct Running: Sendable {
        let client: APIClient
        let port: Int
        let store: InMemoryStateStore
        let bus: InProcessBus
        /// Tells the API to shut down gracefully.
        let stop: @Sendable () async -> Void
    }

    /// Runs it for as long as `body`.
    func run<Value: Sendable>(_ body: @Sendable (Running) async throws -> Value) async throws -> Value {
        let store = InMemoryStateStore(time: .system, random: .system, limits: limits)
        if let curriculum {
            try await StoredLessons(store).replaceCurriculum(
                with: CurriculumEdition(curriculum: curriculum, files: [:])
            )
        }
        let bus = InProcessBus()
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        let service = service(over: store, bus) { told.yield($0.port) }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [service],
                logger: Logger(label: "group", factory: { _ in SwiftLogNoOpLogHandler() })
            )
        )
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { told.finish() }
                try await group.run()
            }
            guard let port = await ports.first(where: { _ in true }) else {
                try await tasks.waitForAll()
                throw CancellationError()
            }
            let client = try APIClient(port: port)
            defer { client.shutdown() }
            let running = Running(client: client, port: port, store: store, bus: bus) {
                await group.triggerGracefulShutdown()
            }
            let outcome: Result<Value, any Error>
            do { outcome = .success(try await body(running)) } catch { outcome = .failure(error) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try outcome.get()
        }
    }

    /// The service itself, over `store`.
    func service(
        over store: InMemoryStateStore,
        _ bus: InProcessBus,
        onListening: @escaping @Sendable (HostAddress) async -> Void
    ) -> AntidoteAPIService {
        var logger = Logger(label: "api", factory: { [logs] _ in logs })
        logger.logLevel = .trace
        let telemetry = Telemetry(logger: logger, time: .system)
        let shown = wrap(store)
        return AntidoteAPIService(
            lessons: LiveLessons(
                instance: instance,
                store: shown,
                lessons: StoredLessons(shown),
                bus: RecordedBus(bus),
                settings: LiveLessonSettings(
                    backend: BackendID(unchecked: "fake"),
                    tier: tier,
                    curriculumAge: .milliseconds(1)
                ),
                policy: policy,
                telemetry: telemetry
            ),
            health: HealthMonitor([("store", shown)] + health, limit: .milliseconds(200), freshness: .zero),
            settings: settings,
            metrics: { "antidote_up 1\n" },
            telemetry: telemetry,
            onListening: onListening
        )
    }

    /// All that was logged, one line an entry.
    var logged: [String] {
        logs.entries.map { "\($0.level) \($0.message) \($0.metadata)" }
    }
}
