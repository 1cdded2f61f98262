import AntidoteCore
import PostgresClient

/// How much of the capacity is held, and by what. A value.
struct HeldCapacity {
    private var total = 0
    private var byBackend: [String: Int] = [:]
    private var bySource: [CapacityKey: Int] = [:]

    init() {}

    /// Reads backend, kind, name and how many.
    init(_ rows: PostgresRows) throws(PostgresError) {
        for row in rows {
            let key = CapacityKey(backend: try row.text(0), kind: try row.text(1), name: try row.text(2))
            add(key, Int(try row.integer(3)))
        }
    }

    mutating func add(_ row: Environment) { add(CapacityKey(row), 1) }

    func hasRoom(for row: Environment, within limits: AdmissionLimits) -> Bool {
        total < limits.perInstance ?? .max
            && byBackend[row.backend.rawValue, default: 0] < limits.perBackend ?? .max
            && bySource[Self.source(CapacityKey(row)), default: 0] < limits.perSource ?? .max
    }

    private mutating func add(_ key: CapacityKey, _ amount: Int) {
        total += amount
        byBackend[key.backend, default: 0] += amount
        bySource[Self.source(key), default: 0] += amount
    }

    /// A source's capacity is that of all backends.
    private static func source(_ key: CapacityKey) -> CapacityKey {
        CapacityKey(backend: "", kind: key.kind, name: key.name)
    }
}

extension AdmissionLimits {
    /// Whether what may be granted depends on what was.
    var limitCapacity: Bool { perSource != nil || perBackend != nil || perInstance != nil }
}
