public import AntidoteCore
public import AntidoteLessons
public import Logging

/// The settings of services: state and events, limits and lifetimes, the API, and telemetry.
public struct ServiceSettings: Sendable {
    /// The name of the installation, which every resource of it carries. Services do not run without one.
    public var instance: InstanceID?
    /// The tier of the lessons that are offered.
    public var tier: Tier = Setting.tier.defaultValue

    /// The PostgreSQL database, as a URI or as `key=value` text of libpq. May contain a password.
    public var database: Secret?
    /// Takes precedence over a password in ``database``.
    public var databasePassword: Secret?
    /// The file of an embedded store.
    public var stateFile: String?

    /// `nats://…` or `tls://…`. If empty, events stay in the process.
    public var natsServers: [String] = Setting.natsUrl.defaultValue
    public var natsUser: String?
    public var natsPassword: Secret?
    public var natsToken: Secret?
    public var natsCredentialsFile: String?
    /// The certificate authority of the NATS servers. `nil`: those that the system trusts.
    public var natsCAFile: String?

    /// The address that the API listens on.
    public var httpHost: String = Setting.httpHost.defaultValue
    /// The port that the API listens on.
    public var httpPort: Int = Setting.httpPort.defaultValue
    /// Addresses and blocks of the trusted proxies, whose `X-Forwarded-For` is used.
    public var trustedProxies: [String] = Setting.trustedProxies.defaultValue

    /// Limits on concurrent environments and sessions.
    public var limits: AdmissionLimits = AdmissionLimits(
        perOwner: Setting.liveLessonLimit.defaultValue,
        perAddress: Setting.addressLimit.defaultValue,
        sessionsPerAddress: Setting.liveSessionLimit.defaultValue,
        perSource: Setting.lessonLimit.defaultValue,
        perBackend: Setting.backendLimit.defaultValue,
        perInstance: Setting.instanceLimit.defaultValue,
        queueLength: Setting.queueLimit.defaultValue
    )
    /// How long a session lasts. `nil`: it never expires.
    public var liveSessionTTL: Duration? = Setting.liveSessionTTL.defaultValue
    /// How long a live lesson lasts without use. `nil`: it never expires.
    public var liveLessonTTL: Duration? = Setting.liveLessonTTL.defaultValue

    /// How long rows, sessions and events are kept after their end.
    public var eventRetention: Duration = Setting.eventRetention.defaultValue
    public var leaseDuration: Duration = Setting.leaseDuration.defaultValue
    public var sweepInterval: Duration = Setting.sweepInterval.defaultValue
    public var gcInterval: Duration = Setting.gcInterval.defaultValue
    public var orphanGrace: Duration = Setting.orphanGrace.defaultValue
    public var failedRetention: Duration = Setting.failedRetention.defaultValue
    /// How many environments one worker handles at the same time.
    public var concurrency: Int = Setting.concurrency.defaultValue
    /// How long work in progress may take after SIGTERM before it is handed back.
    public var drainDeadline: Duration = Setting.drainDeadline.defaultValue

    /// The URL that spans are sent to, with OTLP over HTTP. `nil`: spans are not sent.
    public var otlpEndpoint: String?
    /// HTTP headers of each batch of spans.
    public var otlpHeaders: [String: Secret] = [:]
    /// The share of the traces started here that are sent, 0 to 1.
    public var traceRatio: Double = Setting.traceRatio.defaultValue
    public var logLevel: Logger.Level = Setting.logLevel.defaultValue
    public var logFormat: LogFormat = Setting.logFormat.defaultValue

    public init() {}
}

/// The format of log lines.
public enum LogFormat: String, Sendable, Hashable, CaseIterable {
    /// Text on a terminal, otherwise JSON.
    case auto
    case json
    case text
}
