/// Which rows to list. Everything that is `nil` does not matter.
public struct EnvironmentFilter: Sendable, Hashable {
    /// Those of this owner.
    @_spi(StoreKit) public var owner: OwnerID?
    /// Those on this backend.
    @_spi(StoreKit) public var backend: BackendID?
    /// Those in one of these phases. `nil`: all that are not closed.
    @_spi(StoreKit) public var phases: Set<Phase>?
    /// Those whose ticket is higher: the next page of a list.
    @_spi(StoreKit) public var afterTicket: Int64?
    /// How many at most, those with the lowest tickets.
    @_spi(StoreKit) public var limit: Int?

    /// Conditions of `nil` accept every row, except that closed environments are listed only by their phase.
    ///
    /// - Parameters:
    ///   - owner: The owner of the environments.
    ///   - backend: The backend that builds them.
    ///   - phases: The phases that they are in.
    ///   - afterTicket: A ticket lower than all of theirs: the last one of the page before.
    ///   - limit: How many environments to list, those with the lowest tickets.
    public init(
        owner: OwnerID? = nil,
        backend: BackendID? = nil,
        phases: Set<Phase>? = nil,
        afterTicket: Int64? = nil,
        limit: Int? = nil
    ) {
        self.owner = owner
        self.backend = backend
        self.phases = phases
        self.afterTicket = afterTicket
        self.limit = limit
    }

    /// Whether `row` is to be listed, if there is room in the list.
    @_spi(StoreKit) public func accepts(_ row: Environment) -> Bool {
        (owner ?? row.owner) == row.owner && (backend ?? row.backend) == row.backend
            && (phases?.contains(row.phase) ?? (row.phase != .closed))
            && afterTicket.map { row.ticket > $0 } ?? true
    }
}
