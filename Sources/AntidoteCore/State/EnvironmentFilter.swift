/// Which rows to list. Everything that is `nil` does not matter.
public struct EnvironmentFilter: Sendable, Hashable {
    /// Those of this owner.
    public var owner: OwnerID?
    /// Those on this backend.
    public var backend: BackendID?
    /// Those in one of these phases. `nil`: all that are not closed.
    public var phases: Set<Phase>?
    /// Those whose ticket is higher: the next page of a list.
    public var afterTicket: Int64?
    /// How many at most, those with the lowest tickets.
    public var limit: Int?

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
    public func accepts(_ row: Environment) -> Bool {
        (owner ?? row.owner) == row.owner && (backend ?? row.backend) == row.backend
            && (phases?.contains(row.phase) ?? (row.phase != .closed))
            && afterTicket.map { row.ticket > $0 } ?? true
    }
}
