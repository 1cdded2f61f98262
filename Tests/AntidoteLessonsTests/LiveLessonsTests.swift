@_spi(StoreKit) import AntidoteCore
import Logging
import Synchronization
import Testing

@testable import AntidoteLessons

@Suite("What visitors do", .timeLimit(.minutes(1)))
struct LiveLessonsTests {
    private let store = InMemoryStateStore(time: .system, random: .system)
    private let bus = InProcessBus()

    private func lessons(_ settings: LiveLessonSettings? = nil, bus: (any EventBus)? = nil) -> LiveLessons {
        LiveLessons(
            instance: InstanceID(unchecked: "test"),
            store: store,
            lessons: StoredLessons(store),
            bus: bus ?? self.bus,
            settings: settings ?? LiveLessonSettings(backend: BackendID(unchecked: "fake"), curriculumAge: .zero),
            telemetry: Telemetry(
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
                time: .system
            )
        )
    }

    private func session() async throws -> LiveSession {
        try await store.openSession(SessionRequest(tokenDigest: TokenDigest(bytes: [1])))
    }

    private func importLesson(_ slug: String = "yaml", stages: Int = 2, tier: Tier = .prod) async throws {
        let stage = LessonStage(guide: Guide(path: "guide.md"))
        let lesson = Lesson(
            slug: slug,
            name: slug,
            tier: tier,
            stages: Array(repeating: stage, count: stages),
            endpoints: []
        )
        let curriculum = Curriculum(version: "1", lessons: [slug: lesson])
        try await StoredLessons(store).replaceCurriculum(with: CurriculumEdition(curriculum: curriculum, files: [:]))
    }

    @Test func whatIsAskedForIsPublishedAndMarkedSo() async throws {
        try await importLesson()
        let session = try await session()
        let subject = Subjects(instance: InstanceID(unchecked: "test")).all(of: LessonVocabulary())
        let heard = try await bus.withSubscription(to: subject, queue: nil) { messages in
            let admission = try await lessons().request("yaml", stage: 1, for: session)
            #expect(admission.isNew)
            #expect(admission.environment.revision == 1)
            #expect(admission.environment.request.idleLimit == .seconds(1800))
            return await messages.first { _ in true }
        }
        #expect(heard?.subject == "antidote.test.livelesson.new")
        #expect(store.outbox.isEmpty)
    }

    @Test func aBusThatIsDeadLosesNothing() async throws {
        try await importLesson()
        let session = try await session()
        let admission = try await lessons(bus: DeadBus()).request("yaml", for: session)
        #expect(admission.isNew)
        // The relay publishes it once there is a bus again.
        #expect(store.outbox.count == 1)
    }

    @Test func aSessionThatIsOverGetsNothing() async throws {
        try await importLesson()
        let session = try await session()
        try await lessons().endSession(session)
        let error = await #expect(throws: AntidoteError.self) { try await lessons().request("yaml", for: session) }
        #expect(error?.code == .sessionEnded)
    }

    @Test func whatIsNoLessonIsNobodysLiveLesson() async throws {
        let session = try await session()
        let admission = try await store.admit(
            AdmissionRequest(
                owner: session.id,
                source: EnvironmentSource(kind: "network", name: "x"),
                backend: BackendID(unchecked: "fake")
            )
        )
        #expect(try await lessons().list(of: session, limit: 10).isEmpty)
        #expect(try await lessons().read(admission.environment.id, of: session) == nil)
        let error = await #expect(throws: AntidoteError.self) {
            try await lessons().delete(admission.environment.id, of: session)
        }
        #expect(error?.code == .notFound)
    }

    @Test func whatIsHiddenCannotBeAskedFor() async throws {
        try await importLesson(tier: .ptr)
        let settings = LiveLessonSettings(backend: BackendID(unchecked: "fake"), tier: .prod, curriculumAge: .zero)
        let session = try await session()
        #expect(try await lessons(settings).lessons().isEmpty)
        let error = await #expect(throws: AntidoteError.self) {
            try await lessons(settings).request("yaml", for: session)
        }
        #expect(error?.code == .notFound)
        #expect(error?.subject == "lesson")
    }

    @Test func theCurriculumIsReadOnceInAWhile() async throws {
        let clock = ManualUptime()
        let loads = Mutex(0)
        let cache = CurriculumCache(
            age: .seconds(2),
            time: clock.time,
            load: {
                loads.withLock { $0 += 1 }
                return Curriculum(version: "1")
            },
            loadEdition: { _ in throw AntidoteError(.notFound, "none") }
        )
        for _ in 0..<10 { _ = try await cache.current() }
        #expect(loads.withLock { $0 } == 1)
        clock.advance(.seconds(2))
        _ = try await cache.current()
        #expect(loads.withLock { $0 } == 2)
    }

    @Test func aStoreThatFailedIsAskedAgain() async throws {
        let calls = Mutex(0)
        let cache = CurriculumCache(
            age: .seconds(2),
            time: ManualUptime().time,
            load: {
                let call = calls.withLock { calls in
                    calls += 1
                    return calls
                }
                if call == 1 { throw AntidoteError(.storeUnavailable, "down") }
                return Curriculum(version: "1")
            },
            loadEdition: { _ in throw AntidoteError(.notFound, "none") }
        )
        await #expect(throws: AntidoteError.self) { try await cache.current() }
        #expect(try await cache.current()?.version == "1")
    }

    @Test func whatWasReadIsGoodAsLongAsTheStoreFails() async throws {
        let clock = ManualUptime()
        let isDown = Mutex(false)
        let version = Mutex("1")
        let cache = CurriculumCache(
            age: .seconds(2),
            time: clock.time,
            load: {
                if isDown.withLock({ $0 }) { throw AntidoteError(.storeUnavailable, "down") }
                return Curriculum(version: version.withLock { $0 })
            },
            loadEdition: { _ in throw AntidoteError(.notFound, "none") }
        )
        #expect(try await cache.current()?.version == "1")
        isDown.withLock { $0 = true }
        version.withLock { $0 = "2" }
        clock.advance(.seconds(60))
        #expect(try await cache.current()?.version == "1")
        isDown.withLock { $0 = false }
        #expect(try await cache.current()?.version == "2")
    }

    @Test func aUseIsToldOnceInAWhile() {
        let throttle = ActivityThrottle(interval: .seconds(15), capacity: 2)
        let ids = ["a", "b", "c"].map { EnvironmentID(unchecked: $0) }
        #expect(throttle.shouldRecord(ids[0], at: .seconds(0)))
        #expect(!throttle.shouldRecord(ids[0], at: .seconds(14)))
        #expect(throttle.shouldRecord(ids[0], at: .seconds(15)))
        throttle.forget(ids[0])
        #expect(throttle.shouldRecord(ids[0], at: .seconds(16)))
        #expect(throttle.shouldRecord(ids[1], at: .seconds(16)))
        // What there is no room for is told each time, and takes nobody's room.
        #expect(throttle.shouldRecord(ids[2], at: .seconds(17)))
        #expect(throttle.shouldRecord(ids[2], at: .seconds(17)))
        #expect(!throttle.shouldRecord(ids[0], at: .seconds(17)))
        // Old notes make room.
        #expect(throttle.shouldRecord(ids[2], at: .seconds(40)))
        #expect(!throttle.shouldRecord(ids[2], at: .seconds(41)))
    }

    /// Refuses everything.
    private struct DeadBus: EventBus {
        func publish(_ message: BusMessage) async throws { throw AntidoteError(.backendUnavailable, "no bus") }

        func withSubscription<Result: Sendable>(
            to pattern: SubjectPattern,
            queue: String?,
            _ body: @Sendable (AsyncStream<BusMessage>) async throws -> Result
        ) async throws -> Result {
            throw AntidoteError(.backendUnavailable, "no bus")
        }
    }

    /// An uptime that stands still until it is told to go on.
    private final class ManualUptime: Sendable {
        private let uptime = Mutex(Duration.zero)

        func advance(_ duration: Duration) { uptime.withLock { $0 += duration } }

        var time: TimeSource {
            TimeSource(now: { .zero }, uptime: { self.uptime.withLock { $0 } }, sleep: { _ in })
        }
    }
}
