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

    func events(of id: EnvironmentID, after sequence: Int64) -> [EnvironmentEvent] {
        events[id, default: []].filter { $0.sequence > sequence }
    }

    /// In no order.
    var all: [EnvironmentEvent] { events.values.flatMap(\.self) }

    func unpublishedEvents(limit: Int) -> [EnvironmentEvent] {
        Array(outbox.lazy.filter { unpublished.contains($0.id) }.prefix(limit))
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
