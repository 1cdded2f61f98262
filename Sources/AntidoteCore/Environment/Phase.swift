/// How far an environment is, as its learner sees it.
public enum Phase: String, Sendable, Hashable, Codable, CaseIterable {
    /// Admitted, waiting for room.
    case queued = "QUEUED"
    /// Has room, waits for its first machine.
    case initialized = "INITIALIZED"
    /// Its topology is being built.
    case booting = "BOOTING"
    /// Its topology is up, and is being configured.
    case configuration = "CONFIGURATION"
    /// It is as it is wanted.
    case ready = "READY"
    /// It is given up; ``Environment/failure`` tells why.
    case failed = "FAILED"
    /// It is being taken away.
    case deleting = "DELETING"
    /// Gone from the provider; only its events remain.
    case closed = "CLOSED"

    /// Whether it takes part of the capacity, as long as nothing says that its infrastructure is gone.
    var isGranted: Bool {
        switch self {
        case .initialized, .booting, .configuration, .ready, .failed, .deleting: true
        case .queued, .closed: false
        }
    }

    /// Whether the same owner asking again for the same source gets this environment.
    package var isShared: Bool {
        switch self {
        case .queued, .initialized, .booting, .configuration, .ready: true
        case .failed, .deleting, .closed: false
        }
    }
}

extension Environment {
    /// Whether it goes on: neither given up nor on its way out.
    public var isRunning: Bool { phase.isShared }
}
