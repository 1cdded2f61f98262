@_spi(StoreKit) import AntidoteCore

extension StoreCase {
    static let eventCases: [StoreCase] = [
        StoreCase(.events, "after", "the events of a row are listed after any number") { bench in
            let row = try await bench.readyRow("a")
            for revision in 1...3 { _ = try await bench.store.change(row.id, toRevision: revision) }
            let all = try await bench.store.events(of: row.id, after: 0)
            try require(all.map(\.sequence), is: [1, 2, 3, 4, 5], "the numbers of all")
            try require(all.map(\.environment), is: Array(repeating: row.id, count: 5), "the rows")
            try require(
                try await bench.other.events(of: row.id, after: 3),
                is: Array(all[3...]),
                "those after the third"
            )
            try require(try await bench.store.events(of: row.id, after: 5), is: [], "those after the last")
            try require(
                try await bench.store.events(of: bench.random.environmentID(), after: 0),
                is: [],
                "those of no row"
            )
        },
        StoreCase(.events, "outbox", "what nobody published is listed, oldest first, and as much as was asked for") {
            bench in
            var wanted: [EnvironmentEvent] = []
            for index in 0..<5 { wanted += try await bench.store.admit(bench.request("o\(index)")).events }
            try require(try await bench.other.unpublishedEvents(limit: 100), is: wanted, "unpublished events")
            try require(try await bench.store.unpublishedEvents(limit: 2), is: Array(wanted[..<2]), "the first two")
        },
        StoreCase(.events, "published", "what was published is not listed again, and only that") { bench in
            var all: [EnvironmentEvent] = []
            for index in 0..<4 { all += try await bench.store.admit(bench.request("o\(index)")).events }
            try await bench.store.markPublished([all[1], all[3]])
            try await bench.other.markPublished([all[3]])
            try await bench.store.markPublished([])
            try require(
                try await bench.store.unpublishedEvents(limit: 100),
                is: [all[0], all[2]],
                "unpublished events"
            )
            var stranger = all[0]
            stranger.sequence = 99
            try await bench.store.markPublished([stranger])
            try require(
                try await bench.store.unpublishedEvents(limit: 100),
                is: [all[0], all[2]],
                "unpublished events"
            )
            try require(
                try await bench.store.events(of: all[1].environment, after: 0),
                is: [all[1]],
                "the events of a row whose event is published"
            )
        },
        StoreCase(.events, "all", "all events are listed by time, row and number, as the audit log") { bench in
            let first = try await bench.readyRow("a")
            try await bench.pass(.seconds(10))
            let second = try await bench.admit("b")
            try await bench.pass(.seconds(10))
            _ = try await bench.store.change(first.id, toRevision: 1)
            let events = try await bench.other.events(matching: EventFilter())
            try require(events.map(EventPosition.init), is: events.map(EventPosition.init).sorted(), "the order")
            try require(events.count, is: 4, "events")
            try require(events.suffix(2).map(\.environment), is: [second.id, first.id], "the rows of the last two")
            try require(events.last?.owner.rawValue, is: "a", "who asked for the last")
        },
        StoreCase(.events, "filters", "events are listed by row, and by owner") { bench in
            let row = try await bench.readyRow("a", "x")
            let other = try await bench.admit("a", "y")
            try await bench.admit("b", "x")
            let ofRow = try await bench.store.events(matching: EventFilter(environment: row.id))
            try require(ofRow, is: try await bench.store.events(of: row.id, after: 0), "the events of a row")
            let ofOwner = try await bench.store.events(matching: EventFilter(owner: OwnerID(unchecked: "a")))
            try require(Set(ofOwner.map(\.environment)), is: [row.id, other.id], "the rows of an owner")
            try require(ofOwner.count, is: 3, "the events of an owner")
            let neither = EventFilter(environment: row.id, owner: OwnerID(unchecked: "b"))
            try require(
                try await bench.store.events(matching: neither),
                is: [],
                "the events of a row and another owner"
            )
        },
        StoreCase(.events, "pages", "events come in pages, each once") { bench in
            for owner in ["a", "b", "c"] {
                let row = try await bench.readyRow(owner)
                _ = try await bench.store.change(row.id, toRevision: 1)
            }
            let all = try await bench.store.events(matching: EventFilter())
            try require(all.count, is: 9, "events")
            var listed: [EnvironmentEvent] = []
            for page in [4, 4, 1, 0] {
                let filter = EventFilter(after: listed.last.map(EventPosition.init), limit: 4)
                let events = try await bench.store.events(matching: filter)
                try require(events.count, is: page, "events of a page")
                listed += events
            }
            try require(listed, is: all, "the events of all pages")
        },
    ]
}
