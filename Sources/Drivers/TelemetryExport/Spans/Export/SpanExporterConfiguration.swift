public import AntidoteCore
public import HTTPTransport

/// Where spans go, and with which limits.
public struct SpanExporterConfiguration: Sendable {
    /// The receiver.
    public var endpoint: OTLPEndpoint
    /// Who the spans come from.
    public var resource: TelemetryResource
    /// Sent with each request, such as an API key. Nothing here is ever shown.
    public var headers: [String: Secret]
    /// How an encrypted connection is checked.
    public var tls: TLSSettings
    /// Spans in one request, at most.
    public var batchSize: Int
    /// How long a span waits for others before its batch is sent.
    public var batchInterval: Duration
    /// For one request.
    public var requestTimeout: Duration
    /// For connecting, within the request.
    public var connectTimeout: Duration
    /// How often and how soon a batch is sent again that found no receiver or a busy one.
    public var retry: RetryPolicy
    /// The longest pause that a receiver may ask for; what it asks for beyond counts as this.
    public var longestRetryAfter: Duration
    /// For all that is left when the exporter is told to end.
    public var flushTimeout: Duration
    /// How much of an attribute is sent.
    public var limits: SpanLimits

    /// Exports to `endpoint`, with the usual limits.
    public init(
        endpoint: OTLPEndpoint,
        resource: TelemetryResource,
        headers: [String: Secret] = [:],
        tls: TLSSettings = TLSSettings(),
        batchSize: Int = 512,
        batchInterval: Duration = .seconds(1),
        requestTimeout: Duration = .seconds(10),
        connectTimeout: Duration = .seconds(5),
        retry: RetryPolicy = RetryPolicy(maxAttempts: 8),
        longestRetryAfter: Duration = .seconds(60),
        flushTimeout: Duration = .seconds(3),
        limits: SpanLimits = SpanLimits()
    ) {
        self.endpoint = endpoint
        self.resource = resource
        self.headers = headers
        self.tls = tls
        self.batchSize = max(1, batchSize)
        self.batchInterval = batchInterval
        self.requestTimeout = requestTimeout
        self.connectTimeout = connectTimeout
        self.retry = retry
        self.longestRetryAfter = longestRetryAfter
        self.flushTimeout = flushTimeout
        self.limits = limits
    }
}
