/// The durable events of an in-memory store, and which of them are published.
struct EventJournal {
    private var events: [EnvironmentID: [EnvironmentEvent]] = [:]
    /// In the order in which they were written.
    private var unpublished: [EnvironmentEvent] = []
    private var published: Set<String> = []

    mutating func append(_ new: [EnvironmentEvent]) {
        for event in new {
            events[event.environment, default: []].append(event)
            unpublished.append(event)
        }
    }

    func events(of id: EnvironmentID, after sequence: Int64) -> [EnvironmentEvent] {
        events[id, default: []].filter { $0.sequence > sequence }
    }

    func unpublishedEvents(limit: Int) -> [EnvironmentEvent] {
        Array(unpublished.lazy.filter { !published.contains($0.id) }.prefix(limit))
    }

    mutating func markPublished(_ done: [EnvironmentEvent]) {
        for event in done { published.insert(event.id) }
        // Whatever is published at the front is over; what is not keeps its place.
        let over = unpublished.prefix { published.contains($0.id) }
        for event in over { published.remove(event.id) }
        unpublished.removeFirst(over.count)
    }

    mutating func forget(_ id: EnvironmentID) { events[id] = nil }
}
