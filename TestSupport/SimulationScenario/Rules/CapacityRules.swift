@_spi(StoreKit) import AntidoteCore

/// Counts what an installation holds by the changes of its rows, by a definition of its own, and compares it with the
/// limits.
struct CapacityRules {
    let limits: AdmissionLimits
    private var holders: [EnvironmentID: String] = [:]
    private var queued: [EnvironmentID: Environment] = [:]
    private var shared: [EnvironmentID: (owner: OwnerID, source: String)] = [:]

    init(limits: AdmissionLimits) { self.limits = limits }

    mutating func violation(of change: RowChange) -> Violation? {
        let row = change.after
        let isNew = change.before.eventCount == 0
        let isGranted = holders[row.id] == nil && CapacityRules.holds(row)
        holders[row.id] = CapacityRules.holds(row) ? row.source.name : nil
        queued[row.id] = row.phase == .queued ? row : nil
        shared[row.id] = CapacityRules.isShared(row) ? (row.owner, row.source.name) : nil
        if isNew, let violation = admission(of: row) { return violation }
        guard isGranted else { return nil }
        return room(for: row) ?? order(of: row)
    }

    private func admission(of row: Environment) -> Violation? {
        let own = shared.values.filter { $0.owner == row.owner }
        if own.count > limits.perOwner ?? .max {
            return Violation(4, "\(row.owner) has \(own.count) labs and may have \(limits.perOwner ?? 0)")
        }
        if own.count(where: { $0.source == row.source.name }) > 1 {
            return Violation(4, "\(row.owner) has the same lab twice: \(Describe.row(row))")
        }
        if queued.count > limits.queueLength ?? .max {
            return Violation(4, "\(queued.count) wait, and \(limits.queueLength ?? 0) may")
        }
        return nil
    }

    private func room(for row: Environment) -> Violation? {
        let inAll = holders.count
        if inAll > limits.perInstance ?? .max || inAll > limits.perBackend ?? .max {
            return Violation(4, "\(inAll) labs hold capacity, and that is too many: \(Describe.row(row))")
        }
        let ofSource = holders.values.count { $0 == row.source.name }
        if ofSource > limits.perSource ?? .max {
            return Violation(4, "\(ofSource) labs of \(row.source.name) hold capacity: \(Describe.row(row))")
        }
        return nil
    }

    /// Whoever came earlier and could have had the room gets it first.
    private func order(of row: Environment) -> Violation? {
        for other in queued.values where other.ticket < row.ticket && other.wanted == .present && other.lease == nil {
            // As it was before `row` took its room.
            let ofSource = holders.count { $0.value == other.source.name && $0.key != row.id }
            if ofSource < limits.perSource ?? .max {
                return Violation(4, "\(Describe.row(row)) was served before \(Describe.row(other))")
            }
        }
        return nil
    }

    /// Why a queued row waits rightly. `nil`: there is room for it.
    func reasonToWait(_ row: Environment) -> String? {
        if holders.count >= min(limits.perInstance ?? .max, limits.perBackend ?? .max) { return "all room is taken" }
        let ofSource = holders.values.count { $0 == row.source.name }
        return ofSource >= limits.perSource ?? .max ? "all room of its source is taken" : nil
    }

    private static func holds(_ row: Environment) -> Bool {
        switch row.phase {
        case .queued, .closed: false
        case .initialized, .booting, .configuration, .ready: true
        case .failed, .deleting: row.observed.destroyedThrough < row.incarnation
        }
    }

    private static func isShared(_ row: Environment) -> Bool {
        switch row.phase {
        case .queued, .initialized, .booting, .configuration, .ready: true
        case .failed, .deleting, .closed: false
        }
    }
}
