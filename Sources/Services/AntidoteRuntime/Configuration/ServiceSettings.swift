public import AntidoteCore
public import AntidoteLessons
public import Logging

/// What the services are told besides: where state and events are, who may have how much, and what is shown of it.
public struct ServiceSettings: Sendable {
    /// Names everything that is made. No service runs without it.
    public var instance: InstanceID?
    /// Lessons of which tiers are offered.
    public var tier = Tier.prod

    /// The PostgreSQL database, as a URI or libpq's `key=value` text: it may hold a password.
    public var database: Secret?
    /// Wins over one in ``database``.
    public var databasePassword: Secret?
    /// The file of an embedded store.
    public var stateFile: String?

    /// `nats://…` or `tls://…`. None: events stay within the process.
    public var natsServers: [String] = []
    public var natsUser: String?
    public var natsPassword: Secret?
    public var natsToken: Secret?
    public var natsCredentialsFile: String?
    /// Who may have signed the servers' certificates. `nil`: whom the system trusts.
    public var natsCAFile: String?

    /// What the API listens on.
    public var httpHost = "127.0.0.1"
    public var httpPort = 8086
    /// Addresses and blocks of those whose `X-Forwarded-For` is believed.
    public var trustedProxies: [String] = []

    /// How many environments and sessions there may be.
    public var limits = AdmissionLimits()
    /// How long a session lasts. `nil`: for ever.
    public var liveSessionTTL: Duration? = .seconds(24 * 3600)
    /// How long a live lesson may be idle. `nil`: for ever.
    public var liveLessonTTL: Duration? = .seconds(1800)

    /// How long rows, sessions and events are kept after they are over.
    public var eventRetention = Duration.seconds(30 * 24 * 3600)
    public var leaseDuration = Duration.seconds(15)
    public var sweepInterval = Duration.seconds(5)
    public var gcInterval = Duration.seconds(60)
    public var orphanGrace = Duration.seconds(600)
    public var failedRetention = Duration.seconds(24 * 3600)
    /// How many environments one worker drives at once.
    public var concurrency = 64
    /// How long work may take to end after a program is told to stop; then it is handed back.
    public var drainDeadline = Duration.seconds(20)

    /// Where spans go, as a URL of OTLP over HTTP. `nil`: nowhere.
    public var otlpEndpoint: String?
    /// Sent with each batch of spans, by name.
    public var otlpHeaders: [String: Secret] = [:]
    /// Which share of the traces that begin here is kept, 0 to 1.
    public var traceRatio = 1.0
    public var logLevel = Logger.Level.info
    public var logFormat = LogFormat.auto

    public init() {}
}

/// How log lines look.
public enum LogFormat: String, Sendable, Hashable, CaseIterable {
    /// Text on a terminal, JSON elsewhere.
    case auto
    case json
    case text
}
