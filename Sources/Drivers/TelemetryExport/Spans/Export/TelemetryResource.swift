/// Who a span comes from, as OpenTelemetry's resource attributes.
public struct TelemetryResource: Sendable, Hashable {
    /// The program, such as `antidote-scheduler` (`service.name`).
    public var serviceName: String
    /// Its release (`service.version`).
    public var serviceVersion: String
    /// This copy of it, different for each process (`service.instance.id`).
    public var serviceInstance: String
    /// The installation (`antidote.instance`).
    public var instance: String
    /// Anything else.
    public var attributes: [String: String]

    public init(
        serviceName: String,
        serviceVersion: String,
        serviceInstance: String,
        instance: String,
        attributes: [String: String] = [:]
    ) {
        self.serviceName = serviceName
        self.serviceVersion = serviceVersion
        self.serviceInstance = serviceInstance
        self.instance = instance
        self.attributes = attributes
    }
}
