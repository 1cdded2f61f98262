/// What of a row is compared with a provider's inventory: little, since there may be very many.
public struct RosterEntry: Sendable, Hashable {
    /// The row's.
    public var id: EnvironmentID
    /// By which the list is in order.
    public var ticket: Int64
    /// As it is now.
    public var phase: Phase
    /// The present one.
    public var incarnation: Int
    /// Up to which incarnation nothing is left at the provider.
    public var destroyedThrough: Int

    public init(id: EnvironmentID, ticket: Int64, phase: Phase, incarnation: Int, destroyedThrough: Int) {
        self.id = id
        self.ticket = ticket
        self.phase = phase
        self.incarnation = incarnation
        self.destroyedThrough = destroyedThrough
    }

    /// That of a row.
    public init(_ row: Environment) {
        self.init(
            id: row.id,
            ticket: row.ticket,
            phase: row.phase,
            incarnation: row.incarnation,
            destroyedThrough: row.observed.destroyedThrough
        )
    }

    /// Whether an incarnation is, or may be, looked after by the row.
    func accounts(for incarnation: Int) -> Bool { phase != .closed && incarnation > destroyedThrough }
}
