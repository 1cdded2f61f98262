public import AntidoteCore
public import AntidoteLessons
public import Logging

/// One lesson in the foreground of a program: an instance of its own, with a backend, and nothing else.
public struct LessonRun: Sendable {
    public let instance: EmbeddedInstance
    public let edition: LessonEdition
    private let backend: any OwnerListingBackend
    private let makeBackend: @Sendable (InstanceID, StoreID) throws -> any OwnerListingBackend

    /// - Parameter owner: Written on everything that is made, for a later run to know it by.
    public init(
        edition: LessonEdition,
        library: any LessonLibrary,
        settings: Settings,
        selection: BackendSelection,
        owner: ProcessIdentity,
        time: TimeSource = .system,
        random: RandomSource = .system,
        logger: Logger
    ) throws {
        self.edition = edition
        let id = try InstanceID(validating: "run" + random.base32(length: 9))
        let store = InMemoryStateStore(time: time, random: random)
        makeBackend = { instance, store in
            try selection.makeBackend(instance: instance, store: store, owner: owner, settings: settings, time: time)
        }
        backend = try makeBackend(id, store.id)
        instance = EmbeddedInstance(
            id: id,
            backend: backend,
            planners: [
                LessonPlanner.sourceKind: LessonPlanner(library: library, settings: settings.lessonSettings(for: id))
            ],
            vocabularies: [LessonPlanner.sourceKind: LessonVocabulary()],
            policy: settings.policy,
            store: store,
            time: time,
            random: random,
            logger: logger
        )
    }

    /// Removes what runs left behind that could not do it themselves. Returns how many labs that were.
    public func removeAbandonedLabs() async throws -> Int {
        try await AbandonedRuns(backend: makeBackend).remove(listedBy: backend).count
    }
}
