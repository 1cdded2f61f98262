/// The durable events of an in-memory store, and which of them are published.
struct EventJournal {
    private var events: [EnvironmentID: [EnvironmentEvent]] = [:]
    /// In the order in which they were written; some are published already.
    private var outbox: [EnvironmentEvent] = []
    private var unpublished: Set<String> = []

    private static let slack = 64

    mutating func append(_ new: [EnvironmentEvent]) {
        for event in new {
            events[event.environment, default: []].append(event)
            outbox.append(event)
            unpublished.insert(event.id)
        }
    }

    func events(_ query: EventQuery) -> [EnvironmentEvent] {
        switch query {
        case .of(let id, let sequence):
            return events[id, default: []].filter { $0.sequence > sequence }
        case .matching(let filter):
            let candidates = filter.environment.map { events[$0, default: []] } ?? events.values.flatMap(\.self)
            let accepted = candidates.filter(filter.accepts).sorted { EventPosition($0) < EventPosition($1) }
            return Array(accepted.prefix(max(0, filter.limit)))
        case .unpublished(let limit):
            return Array(outbox.lazy.filter { unpublished.contains($0.id) }.prefix(max(0, limit)))
        }
    }

    /// Any number of times: whoever wrote an event and the relay may both have published it.
    mutating func markPublished(_ done: [EnvironmentEvent]) {
        for event in done { unpublished.remove(event.id) }
        if outbox.count > 2 * unpublished.count + EventJournal.slack {
            outbox.removeAll { !unpublished.contains($0.id) }
        }
    }

    /// How many events the outbox holds, published ones included.
    var outboxCount: Int { outbox.count }

    /// Published or not: what is forgotten is told to nobody any more.
    mutating func forget(_ id: EnvironmentID) {
        markPublished(events.removeValue(forKey: id) ?? [])
    }
}
