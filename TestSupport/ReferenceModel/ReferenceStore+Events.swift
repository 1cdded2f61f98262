@_spi(StoreKit) package import AntidoteCore

extension ReferenceStore {
    package func events(_ query: EventQuery) async throws -> [EnvironmentEvent] {
        transaction { state, _ in
            switch query {
            case .of(let id, let sequence):
                return state.events.filter { $0.environment == id && $0.sequence > sequence }
            case .matching(let filter):
                return ReferenceStore.select(filter, from: state.events)
            case .unpublished(let limit):
                return Array(state.events.filter { !state.published.contains($0.id) }.prefix(max(0, limit)))
            }
        }
    }

    /// Ordered by time, then by environment, then by number.
    private static func select(_ filter: EventFilter, from events: [EnvironmentEvent]) -> [EnvironmentEvent] {
        var found = events
        if let id = filter.environment { found = found.filter { $0.environment == id } }
        if let owner = filter.owner { found = found.filter { $0.owner == owner } }
        if let last = filter.after {
            found = found.filter {
                ($0.time, $0.environment, $0.sequence) > (last.time, last.environment, last.sequence)
            }
        }
        found.sort { ($0.time, $0.environment, $0.sequence) < ($1.time, $1.environment, $1.sequence) }
        return Array(found.prefix(max(0, filter.limit)))
    }

    package func markPublished(_ events: [EnvironmentEvent]) async throws {
        transaction { state, _ in state.published.formUnion(events.map(\.id)) }
    }
}
