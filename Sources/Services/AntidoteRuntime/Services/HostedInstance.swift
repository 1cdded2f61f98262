import AntidoteAPI
public import AntidoteCore
public import AntidoteLessons
import DockerBackend
import FakeBackend
import Foundation
public import Logging

/// The parts of one installation as one process has them, opened: what its services are made from.
public struct HostedInstance: Sendable {
    public let id: InstanceID
    public let store: any InstanceStore
    /// The lessons that ``store`` keeps.
    public let lessons: StoredLessons
    public let bus: any EventBus
    /// `nil` where no service of this process builds anything.
    public let backend: (any AntidoteBackend)?
    /// Every part that can be asked whether it works, by its name.
    let health: [(name: String, part: any HealthChecking)]
    let settings: Settings
    let time: TimeSource
    let random: RandomSource
    let telemetry: Telemetry

    /// Opens the parts, lends them to `body`, and closes them.
    ///
    /// Throws what keeps a part from being opened, named and with what to do.
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

    /// The public names of what happens to its environments.
    public var vocabularies: EventVocabularies { .ofLessons }

    /// What its workers share. Lessons come out of the store.
    public var workerParts: WorkerParts {
        WorkerParts(
            instance: id,
            store: store,
            bus: bus,
            backends: backend.map { [$0] } ?? [],
            planners: [
                LessonPlanner.sourceKind: LessonPlanner(library: lessons, settings: settings.lessonSettings(for: id))
            ],
            vocabularies: vocabularies,
            policy: settings.policy,
            time: time,
            random: random,
            telemetry: telemetry
        )
    }

    /// What visitors do.
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
                policy: settings.policy,
                time: time,
                telemetry: telemetry
            )
        }
    }
}

private struct StoreHealth: HealthChecking {
    let store: any InstanceStore
    func checkHealth() async throws { try await store.checkHealth() }
}

extension Settings {
    /// Throws `configurationInvalid` where nobody said what the installation is called.
    public var requiredInstance: InstanceID {
        get throws {
            if let instance = services.instance { return instance }
            throw AntidoteError(
                .configurationInvalid,
                "instanceId is not set",
                advice: "Give the installation a name of \(InstanceID.rule): everything that it makes carries it."
            )
        }
    }
}

extension HostedInstance {
    /// Says that all services may have something to do about `id`, as a hint: their sweeps find what nobody was told of.
    public func wakeAll(about id: EnvironmentID) async {
        for role in WorkerRole.allCases { await workerParts.publisher.wake(role, about: id) }
    }
}
