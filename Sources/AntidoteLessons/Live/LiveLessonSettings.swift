public import AntidoteCore

/// What an installation decides about its live lessons.
public struct LiveLessonSettings: Sendable, Hashable {
    /// What builds them.
    public var backend: BackendID
    /// Lessons of which tiers are shown and can be asked for: its own, and those that more people see.
    public var tier: Tier
    /// How long a live lesson may be idle before it is taken away. `nil`: for ever.
    public var idleLimit: Duration?
    /// How old what is known of the curriculum may be: so much later an import is seen.
    public var curriculumAge: Duration

    public init(
        backend: BackendID,
        tier: Tier = .local,
        idleLimit: Duration? = .seconds(1800),
        curriculumAge: Duration = .seconds(2)
    ) {
        self.backend = backend
        self.tier = tier
        self.idleLimit = idleLimit
        self.curriculumAge = curriculumAge
    }
}

extension Tier {
    /// Whether an installation of this tier shows what is of the tier `other`.
    public func shows(_ other: Tier) -> Bool {
        switch self {
        case .prod: other == .prod
        case .ptr: other != .local
        case .local: true
        }
    }
}
