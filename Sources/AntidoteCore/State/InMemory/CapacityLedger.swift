/// Counts what holds capacity, so that no limit is ever exceeded.
struct CapacityLedger {
    private var total = 0
    private var byBackend: [BackendID: Int] = [:]
    private var bySource: [String: Int] = [:]

    mutating func add(_ row: Environment, _ amount: Int) {
        total += amount
        byBackend[row.backend, default: 0] += amount
        let key = row.source.capacityKey
        bySource[key, default: 0] += amount
        if bySource[key] == 0 { bySource[key] = nil }
    }

    func hasRoom(for row: Environment, within limits: AdmissionLimits) -> Bool {
        total < limits.perInstance ?? .max && byBackend[row.backend, default: 0] < limits.perBackend ?? .max
            && bySource[row.source.capacityKey, default: 0] < limits.perSource ?? .max
    }

    /// Whether nothing on this backend can be granted, whatever its source.
    func isFull(_ backend: BackendID, within limits: AdmissionLimits) -> Bool {
        total >= limits.perInstance ?? .max || byBackend[backend, default: 0] >= limits.perBackend ?? .max
    }
}

extension EnvironmentSource {
    /// All versions of a source share its capacity.
    var capacityKey: String { "\(kind)/\(name)" }
}
