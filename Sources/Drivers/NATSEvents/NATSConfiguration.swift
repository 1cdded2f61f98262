public import AntidoteCore

/// Where the servers are, how we show who we are, and the limits of the bus.
public struct NATSConfiguration: Sendable {
    /// `nats://host:port` or `tls://host:port`, of one cluster: any of them will do. Without a port it is 4222. Who we are
    /// is not said here.
    public var servers: [String]
    /// Without any the bus does not start.
    public var credentials: NATSCredentials?
    /// How the servers are checked; with it, or with one `tls://`, every connection is encrypted.
    public var tls: NATSTLS?
    /// What the servers' own lists call this client.
    public var clientName: String
    /// What is sent and accepted.
    public var limits: BusLimits
    /// How many bytes a subscriber may be behind before it loses the oldest messages.
    public var pendingBytes: Int
    /// For the connection to one server, with everything that is said first.
    public var connectTimeout: Duration
    /// How long a server may take to confirm a publication or a subscription. After it the connection is given up.
    public var operationTimeout: Duration
    /// Between two tries to connect: the first pause, and the longest that it grows to.
    public var reconnectPause: ClosedRange<Duration>
    /// A server that says nothing for three of these is given up.
    public var pingInterval: Duration

    /// The servers and credentials, with the usual limits.
    public init(
        servers: [String],
        credentials: NATSCredentials?,
        tls: NATSTLS? = nil,
        clientName: String = "antidote",
        limits: BusLimits = BusLimits(),
        pendingBytes: Int = 16 * 1024 * 1024,
        connectTimeout: Duration = .seconds(2),
        operationTimeout: Duration = .milliseconds(1500),
        reconnectPause: ClosedRange<Duration> = .milliseconds(100)...(.seconds(5)),
        pingInterval: Duration = .seconds(5)
    ) {
        self.servers = servers
        self.credentials = credentials
        self.tls = tls
        self.clientName = clientName
        self.limits = limits
        self.pendingBytes = pendingBytes
        self.connectTimeout = connectTimeout
        self.operationTimeout = operationTimeout
        self.reconnectPause = reconnectPause
        self.pingInterval = pingInterval
    }

    /// Throws `configurationInvalid` for what can be told to be wrong before anybody is asked.
    public func validate() throws { _ = try validated() }

    /// Everything that can be wrong before anybody is asked.
    ///
    /// - Returns: Where the servers are.
    /// - Throws: `configurationInvalid`, without what was written where a secret might be.
    func validated() throws -> [ServerAddress] {
        guard !servers.isEmpty else {
            throw invalid("no address of a NATS server is configured", "Give one, such as nats://localhost:4222.")
        }
        guard let credentials else {
            throw invalid(
                "there are no credentials for NATS",
                "Configure a user with a password, a token, a credentials file or an NKey: without them, anybody who "
                    + "reaches the server can send events."
            )
        }
        try credentials.validate()
        try tls?.validate()
        try NATSCredentials.requireText(clientName, "the client's name for NATS")
        let durations = [connectTimeout, operationTimeout, reconnectPause.lowerBound, pingInterval]
        guard durations.allSatisfy({ $0 >= .milliseconds(1) && $0 <= .seconds(3600) }), pendingBytes > 0,
            // More than any server takes, and less than libnats can count.
            (1...67_108_864).contains(limits.payloadBytes), limits.headers >= 0, limits.headerBytes >= 0,
            limits.pendingMessages > 0
        else {
            throw invalid("a limit or a time of the NATS settings is out of range", "Use the defaults.")
        }
        return try servers.map(ServerAddress.init(parsing:))
    }
}

extension NATSConfiguration {
    /// Whether connections are encrypted: all of them or none, so that nobody can ask for less.
    func isEncrypted(_ addresses: [ServerAddress]) -> Bool { tls != nil || addresses.contains { $0.wantsTLS } }
}

func invalid(_ message: String, _ recovery: String, subject: String? = nil) -> AntidoteError {
    AntidoteError(.configurationInvalid, message, recovery: recovery, subject: subject)
}
