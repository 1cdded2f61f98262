/// As much of a row as tells whether what is at a provider belongs to it: all rows there are get compared.
public struct EnvironmentOutline: Sendable, Hashable {
    /// The id.
    public let id: EnvironmentID
    /// How far it has come.
    public var phase: Phase
    /// The number of its latest incarnation.
    public var incarnation: Int
    /// Everything through this incarnation is known to be gone.
    public var destroyedThrough: Int

    /// The outline that consists of these.
    public init(id: EnvironmentID, phase: Phase, incarnation: Int, destroyedThrough: Int) {
        self.id = id
        self.phase = phase
        self.incarnation = incarnation
        self.destroyedThrough = destroyedThrough
    }

    /// The outline of `row`.
    public init(_ row: Environment) {
        self.init(
            id: row.id,
            phase: row.phase,
            incarnation: row.incarnation,
            destroyedThrough: row.destroyedThrough
        )
    }
}

extension StateStore {
    /// Reads whole rows, for stores that keep them in memory anyway.
    public func outlines(on backend: BackendID, in phases: Set<Phase>) async throws -> [EnvironmentOutline] {
        try await environments(matching: EnvironmentFilter(backend: backend, phases: phases))
            .map { EnvironmentOutline($0) }
    }

    /// Reads whole rows, for stores that keep them in memory anyway.
    public func outlines(of ids: [EnvironmentID]) async throws -> [EnvironmentID: EnvironmentOutline] {
        try await known(ids).mapValues { EnvironmentOutline($0) }
    }
}
