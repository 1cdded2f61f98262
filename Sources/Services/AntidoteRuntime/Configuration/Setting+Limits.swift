@_spi(StoreKit) import AntidoteCore

/// Limits, lifetimes and intervals of services. 0 disables a limit or a lifetime.
extension Setting {
    static let liveSessionLimit = SettingKey(
        "liveSessionLimit",
        .limit,
        default: nil,
        \.services.limits.sessionsPerAddress,
        help: "Sessions from one address."
    )
    static let liveLessonLimit = SettingKey(
        "liveLessonLimit",
        .limit,
        default: nil,
        \.services.limits.perOwner,
        help: "Live lessons of one session."
    )
    static let addressLimit = SettingKey(
        "addressLimit",
        .limit,
        default: nil,
        \.services.limits.perAddress,
        help: "Live lessons of all sessions from one address."
    )
    static let lessonLimit = SettingKey(
        "lessonLimit",
        .limit,
        default: nil,
        \.services.limits.perSource,
        help: "Labs of one lesson."
    )
    static let backendLimit = SettingKey(
        "backendLimit",
        .limit,
        default: nil,
        \.services.limits.perBackend,
        help: "Labs on one backend."
    )
    static let instanceLimit = SettingKey(
        "instanceLimit",
        .limit,
        default: nil,
        \.services.limits.perInstance,
        help: "Labs of the installation."
    )
    static let queueLimit = SettingKey(
        "queueLimit",
        .limit,
        default: nil,
        \.services.limits.queueLength,
        help: "Requests in the queue."
    )

    // MARK: Lifetimes

    static let liveSessionTTL = SettingKey(
        "liveSessionTTL",
        .minutes,
        default: .seconds(24 * 3600),
        \.services.liveSessionTTL,
        help: "How many minutes a session lasts."
    )
    static let liveLessonTTL = SettingKey(
        "liveLessonTTL",
        .minutes,
        default: .seconds(30 * 60),
        \.services.liveLessonTTL,
        help: "How many minutes a live lesson lasts without use."
    )
    static let eventRetention = SettingKey(
        "eventRetention",
        .seconds(upTo: 10 * 365 * 86_400),
        default: .seconds(30 * 24 * 3600),
        \.services.eventRetention,
        help: "How long events, and live lessons and sessions that have ended, are kept."
    )
    static let failedRetention = SettingKey(
        "failedRetention",
        .seconds,
        default: .seconds(24 * 3600),
        \.services.failedRetention,
        help: "How long a failed live lesson keeps its error."
    )

    // MARK: Workers

    static let leaseDuration = SettingKey(
        "leaseDuration",
        .seconds,
        default: .seconds(15),
        \.services.leaseDuration,
        help: "After how long another worker takes over the work of one that stopped responding."
    )
    static let sweepInterval = SettingKey(
        "sweepInterval",
        .seconds,
        default: .seconds(5),
        \.services.sweepInterval,
        help: "How often workers ask the store for work, even without an event."
    )
    static let gcInterval = SettingKey(
        "gcInterval",
        .seconds,
        default: .seconds(60),
        \.services.gcInterval,
        help: "How often the collector compares the backend with the store, and deletes expired records."
    )
    static let orphanGrace = SettingKey(
        "orphanGrace",
        .seconds,
        default: .seconds(600),
        \.services.orphanGrace,
        help: "How old a lab without a record must be before it is removed."
    )
    static let drainDeadline = SettingKey(
        "drainDeadline",
        .seconds,
        default: .seconds(20),
        \.services.drainDeadline,
        help: "How long work in progress may take after SIGTERM before it is handed back."
    )
    static let concurrency = SettingKey(
        "concurrency",
        .integer(1...10_000),
        default: 64,
        \.services.concurrency,
        help: "How many labs one worker handles at the same time."
    )
}
