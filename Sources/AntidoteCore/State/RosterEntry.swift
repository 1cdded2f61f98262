/// What of a row is compared with a provider's inventory: little, since there may be very many.
public struct RosterEntry: Sendable, Hashable {
    /// The row's.
    package var id: EnvironmentID
    /// By which the list is in order.
    package var ticket: Int64
    /// As it is now.
    package var phase: Phase
    /// The present one.
    package var incarnation: Int
    /// Up to which incarnation nothing is left at the provider.
    package var destroyedThrough: Int

    @_spi(StoreKit) public init(id: EnvironmentID, ticket: Int64, phase: Phase, incarnation: Int, destroyedThrough: Int)
    {
        self.id = id
        self.ticket = ticket
        self.phase = phase
        self.incarnation = incarnation
        self.destroyedThrough = destroyedThrough
    }

    /// That of a row.
    package init(_ row: Environment) {
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
