/// Which events to list. Everything that is `nil` does not matter.
public struct EventFilter: Sendable, Hashable {
    /// Those of this environment.
    @_spi(StoreKit) public var environment: EnvironmentID?
    /// Those of environments of this owner.
    @_spi(StoreKit) public var owner: OwnerID?
    /// Those after this one, in the order of the list.
    @_spi(StoreKit) public var after: EventPosition?
    /// How many at most.
    @_spi(StoreKit) public var limit: Int

    package init(
        environment: EnvironmentID? = nil,
        owner: OwnerID? = nil,
        after: EventPosition? = nil,
        limit: Int = 1000
    ) {
        self.environment = environment
        self.owner = owner
        self.after = after
        self.limit = limit
    }

    /// Whether `event` is to be listed, if there is room in the list.
    @_spi(StoreKit) public func accepts(_ event: EnvironmentEvent) -> Bool {
        (environment ?? event.environment) == event.environment && (owner ?? event.owner) == event.owner
            && after.map { $0 < EventPosition(event) } ?? true
    }
}

/// Where an event stands in the list of all: by time, then by environment, then by its number.
///
/// Whoever follows the list this way may miss an event whose transaction was slow: completeness is for each
/// environment, by its numbers.
@_spi(StoreKit) public struct EventPosition: Sendable, Hashable, Comparable {
    /// When it happened.
    public var time: Timestamp
    /// What it happened to.
    public var environment: EnvironmentID
    /// Its number there.
    public var sequence: Int64

    /// The position of `event`.
    public init(_ event: EnvironmentEvent) {
        time = event.time
        environment = event.environment
        sequence = event.sequence
    }

    public static func < (left: EventPosition, right: EventPosition) -> Bool {
        (left.time, left.environment, left.sequence) < (right.time, right.environment, right.sequence)
    }
}
