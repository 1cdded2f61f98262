@_spi(StoreKit) public import AntidoteCore

/// What visitors do: open a session, look at lessons, and ask for one, each for oneself only.
///
/// Over the same store and bus as the workers, which may run anywhere. Whatever a caller is told of is recorded: no
/// answer of the bus is waited for beyond `busDeadline`.
///
/// Other packages make one only for `AntidoteAPIService` of AntidoteAPI.
public struct LiveLessons: Sendable {
    let requests: InstanceRequests
    let settings: LiveLessonSettings
    let curriculum: CurriculumCache
    private let activity: ActivityThrottle
    private let time: TimeSource
    private let telemetry: Telemetry

    /// - Parameters:
    ///   - instance: Names the subjects of what is published.
    ///   - store: Where everything is written down.
    ///   - lessons: The lessons of that store.
    ///   - bus: What events are published on.
    ///   - settings: What the installation decides.
    ///   - policy: How long store and bus may take.
    ///   - time: What is taken for the time, and waited by.
    ///   - telemetry: What is told of it.
    public init(
        instance: InstanceID,
        store: any StateStore,
        lessons: StoredLessons,
        bus: any EventBus,
        settings: LiveLessonSettings,
        policy: SchedulingPolicy = SchedulingPolicy(),
        time: TimeSource = .system,
        telemetry: Telemetry
    ) {
        let access = StoreAccess(
            store,
            deadline: policy.storeDeadline,
            instance: instance,
            vocabularies: .ofLessons,
            time: time,
            telemetry: telemetry
        )
        let publisher = EventPublisher(
            instance: instance,
            store: access,
            bus: bus,
            deadline: policy.busDeadline,
            vocabularies: .ofLessons,
            time: time,
            telemetry: telemetry
        )
        requests = InstanceRequests(store: access, publisher: publisher)
        self.settings = settings
        self.time = time
        self.telemetry = telemetry
        // Often enough for the shortest idle limit, and never a statement for each click.
        activity = ActivityThrottle(interval: min(.seconds(15), (settings.idleLimit ?? .seconds(3600)) / 8))
        curriculum = CurriculumCache(
            age: settings.curriculumAge,
            time: time,
            load: { try await access.ask("current curriculum") { try await lessons.currentCurriculum() } },
            loadEdition: { source in
                try await access.ask("edition") {
                    try await lessons.edition(of: source.name, version: source.version)
                }
            }
        )
    }

    /// The lesson `slug` for `session`: a new live lesson, or the one that it has, at the stage where that is. Throws
    /// `notFound` with the subject `lesson` or `stage`, `sessionEnded`, `limitExceeded` and `queueFull`.
    package func request(
        _ slug: String,
        stage: Int = 0,
        for session: LiveSession,
        traceContext: [String: String] = TraceCarrier.current
    ) async throws -> Admission {
        let edition = try await edition(of: slug)
        try LiveLessons.check(stage: stage, of: edition.lesson)
        return try await requests.admit(
            AdmissionRequest(
                owner: session.id,
                requiresSession: true,
                source: edition.source,
                revision: stage,
                backend: settings.backend,
                idleLimit: settings.idleLimit,
                traceContext: traceContext
            )
        )
    }

    /// The live lessons of `session` by age, at most `limit` of those after `ticket`. They are not taken for used.
    package func list(of session: LiveSession, after ticket: Int64? = nil, limit: Int) async throws -> [Environment] {
        let filter = EnvironmentFilter(owner: session.id, afterTicket: ticket, limit: limit)
        return try await requests.environments(matching: filter).filter(\.isLiveLesson)
    }

    /// One live lesson of `session`, which is in use then; `nil` if there is none, or it is somebody else's.
    package func read(_ id: EnvironmentID, of session: LiveSession) async throws -> Environment? {
        guard let row = try await find(id, of: session) else { return nil }
        await keepAlive(row)
        return row
    }

    /// Wants another stage of a live lesson that runs. Throws `notFound`, with the subject `stage` if that is missing.
    package func change(_ id: EnvironmentID, toStage stage: Int, of session: LiveSession) async throws -> Environment {
        guard let row = try await find(id, of: session) else { throw AntidoteError.missingLiveLesson(id) }
        try LiveLessons.check(stage: stage, of: try await edition(of: row).lesson)
        return try await requests.change(id, toRevision: stage)
    }

    /// Wants a live lesson gone, and returns it as it is then; `nil` if it is gone. Throws `notFound`; one that is going
    /// already is a success.
    @discardableResult
    package func delete(_ id: EnvironmentID, of session: LiveSession) async throws -> Environment? {
        guard try await find(id, of: session) != nil else { throw AntidoteError.missingLiveLesson(id) }
        return try await requests.remove(id).flatMap { $0.phase == .closed ? nil : $0 }
    }

    /// What a live lesson runs, without files: also after the curriculum was replaced.
    package func edition(of row: Environment) async throws -> LessonEdition {
        try await curriculum.edition(of: row.source)
    }

    private func find(_ id: EnvironmentID, of session: LiveSession) async throws -> Environment? {
        guard let row = try await requests.environment(id), row.owner == session.id,
            row.isLiveLesson, row.phase != .closed
        else { return nil }
        return row
    }

    /// Records activity. Failures are logged and ignored; the next read tries again.
    private func keepAlive(_ row: Environment) async {
        guard row.expiresAt != nil, activity.shouldRecord(row.id, at: time.uptime()) else { return }
        do {
            try await requests.keepAlive(row.id)
        } catch {
            activity.forget(row.id)
            telemetry.debug("a use could not be noted", row.telemetryAttributes(in: LessonVocabulary()))
        }
    }

    private static func check(stage: Int, of lesson: Lesson) throws {
        guard !lesson.stages.indices.contains(stage) else { return }
        throw AntidoteError(
            .notFound,
            "the lesson “\(lesson.slug)” has no stage \(stage)",
            recovery: lesson.stages.count == 1 ? "It has one, 0." : "Its stages are 0 to \(lesson.stages.count - 1).",
            subject: "stage"
        )
    }
}

extension Environment {
    /// Whether it is a lesson that somebody asked for.
    public var isLiveLesson: Bool { source.kind == LessonPlanner.sourceKind }
}

extension AntidoteError {
    /// A live lesson that is not there, or is somebody else's: who asks learns no difference.
    package static func missingLiveLesson(_ id: EnvironmentID) -> AntidoteError {
        AntidoteError(.notFound, "you have no live lesson \(id)", recovery: "List yours, or ask for the lesson again.")
    }
}
