/// How far an environment is, as its client sees it.
public enum Phase: String, Sendable, Hashable, Codable, CaseIterable {
    /// Admitted, and waiting for capacity.
    case queued = "QUEUED"
    /// Has capacity, and awaits its first machine.
    case initialized = "INITIALIZED"
    /// Its topology is being built.
    case booting = "BOOTING"
    /// Its topology is up and is being configured.
    case configuration = "CONFIGURATION"
    /// It is as it is wanted.
    case ready = "READY"
    /// It failed; ``Environment/failure`` says why.
    case failed = "FAILED"
    /// It is being removed.
    case deleting = "DELETING"
    /// Removed from the provider; only its events remain.
    case closed = "CLOSED"

    /// Whether a row in this phase waits for capacity.
    @_spi(StoreKit) public var awaitsCapacity: Bool { self == .queued }

    /// Whether a row in this phase is neither failed nor on its way out.
    package var isRunning: Bool {
        switch self {
        case .queued, .initialized, .booting, .configuration, .ready: true
        case .failed, .deleting, .closed: false
        }
    }

    /// Whether a row in this phase is listed, and may still have something at its provider.
    @_spi(StoreKit) public var isOpen: Bool { self != .closed }
}

extension Environment {
    /// Whether it is neither failed nor on its way out.
    public var isRunning: Bool { phase.isRunning }
}
