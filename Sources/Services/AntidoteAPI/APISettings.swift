/// Where the API listens, and what it bears.
public struct APISettings: Sendable, Hashable {
    /// The name or address that it listens on.
    public var host: String
    /// The port that it listens on. 0: any that is free.
    public var port: Int
    /// How long a session lasts. `nil`: for ever.
    public var sessionLifetime: Duration?
    /// Whose `X-Forwarded-For` is believed.
    public var trustedProxies: [AddressBlock]
    /// How many bytes the body of a request may have.
    public var bodyLimit: Int
    /// How many bytes all header fields of a request may have together.
    public var headLimit: Int
    /// How many bytes one header field may have.
    public var headFieldLimit: Int
    /// How many header fields a request may have.
    public var headFieldCount: Int
    /// How long a request may take to arrive, from its head to its end.
    public var readTimeout: Duration
    /// How long an answer may take to be found.
    public var handlingTimeout: Duration
    /// How long an answer may take to be sent.
    public var writeTimeout: Duration
    /// How long a connection may be without a request, or with half a head of one.
    public var idleTimeout: Duration
    /// How many connections are served at once; more of them wait to be accepted.
    public var maximumConnections: Int
    /// How long what is under way may take to be finished at a graceful shutdown.
    public var drainTimeout: Duration

    public init(
        host: String = "127.0.0.1",
        port: Int = 8086,
        sessionLifetime: Duration? = .seconds(24 * 3600),
        trustedProxies: [AddressBlock] = [],
        bodyLimit: Int = 64 * 1024,
        headLimit: Int = 16 * 1024,
        headFieldLimit: Int = 8 * 1024,
        headFieldCount: Int = 64,
        readTimeout: Duration = .seconds(10),
        handlingTimeout: Duration = .seconds(20),
        writeTimeout: Duration = .seconds(20),
        idleTimeout: Duration = .seconds(30),
        maximumConnections: Int = 4096,
        drainTimeout: Duration = .seconds(10)
    ) {
        self.host = host
        self.port = port
        self.sessionLifetime = sessionLifetime
        self.trustedProxies = trustedProxies
        self.bodyLimit = bodyLimit
        self.headLimit = headLimit
        self.headFieldLimit = headFieldLimit
        self.headFieldCount = headFieldCount
        self.readTimeout = readTimeout
        self.handlingTimeout = handlingTimeout
        self.writeTimeout = writeTimeout
        self.idleTimeout = idleTimeout
        self.maximumConnections = maximumConnections
        self.drainTimeout = drainTimeout
    }
}
