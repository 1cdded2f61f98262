/// How much capacity is held: how many environments have infrastructure, in all, by backend, and by source.
@_spi(StoreKit) public struct HeldCapacity: Sendable, Hashable {
    private var total = 0
    private var byBackend: [BackendID: Int] = [:]
    private var bySource: [Source: Int] = [:]

    /// All versions of a source share its capacity, on all backends.
    private struct Source: Hashable {
        var kind: String
        var name: String

        init(_ source: EnvironmentSource) {
            kind = source.kind
            name = source.name
        }
    }

    /// No capacity is held.
    public init() {}

    /// Counts `amount` more environments of a source on a backend; fewer if it is negative.
    public mutating func add(_ amount: Int, of source: EnvironmentSource, on backend: BackendID) {
        total += amount
        byBackend[backend, default: 0] += amount
        bySource[Source(source), default: 0] += amount
    }

    /// Takes over counts that a store keeps apart: in all, on a backend, or of a source.
    public mutating func set(total count: Int) { total = count }

    public mutating func set(_ count: Int, on backend: BackendID) { byBackend[backend] = count }

    public mutating func set(_ count: Int, of source: EnvironmentSource) {
        bySource[Source(source)] = count
    }

    /// How many more environments of `source` on `backend` the limits allow.
    public func room(for source: EnvironmentSource, on backend: BackendID, within limits: AdmissionLimits) -> Int {
        let ofSource = limits.perSource.map { $0 - bySource[Source(source), default: 0] } ?? .max
        return max(0, min(room(on: backend, within: limits), ofSource))
    }

    /// How many more environments on `backend` the limits allow, whatever their source.
    public func room(on backend: BackendID, within limits: AdmissionLimits) -> Int {
        let ofInstance = limits.perInstance.map { $0 - total } ?? .max
        let ofBackend = limits.perBackend.map { $0 - byBackend[backend, default: 0] } ?? .max
        return max(0, min(ofInstance, ofBackend))
    }
}

extension AdmissionLimits {
    /// Whether what can be granted depends on what is held.
    @_spi(StoreKit) public var limitCapacity: Bool { perSource != nil || perBackend != nil || perInstance != nil }
}
