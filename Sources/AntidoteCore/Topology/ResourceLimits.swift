/// How much of the machine an endpoint or job may use. `nil` means the backend's own default, never “unlimited”.
public struct ResourceLimits: Sendable, Hashable, Codable {
    /// In cores: 0.5 is half of one.
    public var cpus: Double?
    /// Of memory, in bytes.
    public var memoryBytes: Int64?
    /// Processes and threads together.
    public var pids: Int?
    /// What it may write outside of its files.
    public var storageBytes: Int64?

    /// Takes its parts as they are.
    public init(cpus: Double? = nil, memoryBytes: Int64? = nil, pids: Int? = nil, storageBytes: Int64? = nil) {
        self.cpus = cpus
        self.memoryBytes = memoryBytes
        self.pids = pids
        self.storageBytes = storageBytes
    }
}
