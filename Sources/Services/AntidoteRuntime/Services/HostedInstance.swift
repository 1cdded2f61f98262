import AntidoteAPI
public import AntidoteCore
public import AntidoteLessons
import DockerBackend
import FakeBackend
import Foundation
public import Logging

/// The open store, bus and backend of one installation in one process, which its services are made from.
public struct HostedInstance: Sendable {
    public let id: InstanceID
    public let store: any StateStore
    /// The lessons that ``store`` keeps.
    public let lessons: StoredLessons
    public let bus: any EventBus
    /// `nil` if no service of this process uses a backend.
    public let backend: (any AntidoteBackend)?
    /// The parts that can check their health, by name.
    let health: [(name: String, part: any HealthChecking)]
    let settings: Settings
    let time: TimeSource
    let random: RandomSource
    let telemetry: Telemetry

    /// Opens the parts for the duration of `body`.
    ///
    /// Throws an error that names the part that could not be opened, and says what to do.
    public static func withParts<Value: Sendable>(
        of settings: Settings,
        store: StoreSelection,
        bus: BusSelection,
        backend: BackendSelection?,
        time: TimeSource = .system,
        random: RandomSource = .system,
        logger: Logger,
        _ body: (HostedInstance) async throws -> Value
    ) async throws -> Value {
        let id = try settings.requiredInstance
        let openStore = try await store.open(for: id, limits: settings.services.limits, time: time, random: random)
        let outcome: Result<Value, any Error>
        do {
            let openBus = try await bus.open(logger: logger)
            do {
                let instance = HostedInstance(
                    id: id,
                    store: openStore.store,
                    lessons: StoredLessons(openStore.store),
                    bus: openBus.bus,
                    backend: try backend?.makeBackend(
                        instance: id,
                        store: openStore.store.id,
                        owner: nil,
                        settings: settings,
                        time: time
                    ),
                    health: [("store", StoreHealth(store: openStore.store))]
                        + (openBus.health.map { [("bus", $0)] } ?? []),
                    settings: settings,
                    time: time,
                    random: random,
                    telemetry: Telemetry(logger: logger, time: time)
                )
                outcome = .success(try await body(instance))
            } catch {
                outcome = .failure(error)
            }
            await openBus.close()
        } catch {
            outcome = .failure(error)
        }
        await openStore.close()
        return try outcome.get()
    }

    /// The deadlines and intervals of its workers.
    public var policy: SchedulingPolicy { settings.policy }

    /// The public names of what happens to its environments.
    package var vocabularies: EventVocabularies { .ofLessons }

    /// Makes plans of lessons, which are read from the store.
    package var planners: PlannerRegistry {
        [LessonPlanner.sourceKind: LessonPlanner(library: lessons, settings: settings.lessonSettings(for: id))]
    }

    /// The dependencies of its workers.
    package var workerDependencies: WorkerDependencies {
        WorkerDependencies(
            instance: id,
            store: store,
            bus: bus,
            backends: backend.map { [$0] } ?? [],
            vocabularies: vocabularies,
            policy: policy,
            time: time,
            random: random,
            telemetry: telemetry
        )
    }

    /// The requests of operators.
    package var requests: InstanceRequests {
        let dependencies = workerDependencies
        return InstanceRequests(store: dependencies.store, publisher: dependencies.publisher)
    }

    /// The requests of learners.
    public var liveLessons: LiveLessons {
        get throws {
            LiveLessons(
                instance: id,
                store: store,
                lessons: lessons,
                bus: bus,
                settings: LiveLessonSettings(
                    backend: try backend?.name ?? settings.backendID,
                    tier: settings.services.tier,
                    idleLimit: settings.services.liveLessonTTL
                ),
                policy: policy,
                time: time,
                telemetry: telemetry
            )
        }
    }
}

private struct StoreHealth: HealthChecking {
    let store: any StateStore
    func checkHealth() async throws { try await store.checkHealth() }
}

extension Settings {
    /// The name of the installation. Throws `configurationInvalid` if it is not set.
    public var requiredInstance: InstanceID {
        get throws {
            if let instance = services.instance { return instance }
            let rule = InstanceID.rule.words
            throw AntidoteError.missing(
                Setting.instanceId,
                recovery: "Give the installation a name of \(rule): everything that it makes carries it."
            )
        }
    }
}
