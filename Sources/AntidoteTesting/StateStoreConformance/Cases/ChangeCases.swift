import AntidoteCore

extension StoreCase {
    static let changeCases: [StoreCase] = [
        StoreCase(.change, "revision", "another revision is another generation, and an event") { bench in
            let row = try await bench.readyRow("a")
            let change = try await bench.store.change(row.id, toRevision: 5)
            try require(change.environment.revision, is: 5, "the revision")
            try require(change.environment.generation, is: row.generation + 1, "the generation")
            try require(change.environment.phase, is: .configuration, "the phase")
            let event = try require(change.events.first, "there is no event to publish")
            try require(event.kind, is: .revisionChanged, "the event")
            try require(event.sequence, is: row.eventCount + 1, "the event's number")
            try require(event.revision, is: 5, "the event's revision")
            try require(try await bench.other.environment(row.id), is: change.environment, "the stored row")
            let stored = try await bench.store.events(of: row.id, after: row.eventCount)
            try require(stored, is: change.events, "the stored events")
        },
        StoreCase(.change, "same", "the revision that is wanted already changes nothing") { bench in
            let row = try await bench.readyRow("a")
            let first = try await bench.store.change(row.id, toRevision: 2).environment
            let again = try await bench.other.change(row.id, toRevision: 2)
            try require(again.events, is: [], "the events")
            try require(again.environment.generation, is: first.generation, "the generation")
            try require(try await bench.row(row.id).eventCount, is: first.eventCount, "the count of events")
        },
        StoreCase(.change, "last-wins", "of changes at once, the one with the highest generation is wanted") { bench in
            let row = try await bench.readyRow("a")
            let last = Mutexed<Environment?>(nil)
            _ = try await bench.storm(20, tolerating: []) { connection, index in
                let changed = try await connection.change(row.id, toRevision: index + 1).environment
                last.change { if $0.map({ $0.generation < changed.generation }) ?? true { $0 = changed } }
            }
            let now = try await bench.row(row.id)
            try require(now.generation, is: row.generation + 20, "the generation")
            try require(now.revision, is: last.value?.revision, "the revision")
            let events = try await bench.store.events(of: row.id, after: row.eventCount)
            try require(events.map(\.generation), is: Array(row.generation + 1...row.generation + 20), "the events")
        },
        StoreCase(.change, "over", "what is over, failed or was never there cannot be changed") { bench in
            let failed = try await bench.failedRow("a")
            let closed = try await bench.closedRow("b")
            let leaving = try await bench.readyRow("c")
            try await bench.store.remove(leaving.id)
            for id in [failed.id, closed.id, leaving.id, bench.random.environmentID()] {
                try await requireError(.notFound, from: "a change of \(id)") {
                    try await bench.store.change(id, toRevision: 9)
                }
            }
            try require(try await bench.row(failed.id), is: failed, "the failed row")
        },
        StoreCase(.remove, "wanted-gone", "what is removed is wanted gone, for the collector to take away") { bench in
            let row = try await bench.readyRow("a")
            let answer = try await bench.store.remove(row.id)
            let now = try await bench.row(row.id)
            try require(answer, is: now, "the answer")
            try require(now.wanted, is: .absent, "what is wanted")
            try require(now.phase, is: .deleting, "the phase")
            try require(now.generation, is: row.generation + 1, "the generation")
            try require(now.eventCount, is: row.eventCount, "the events: it is not gone yet")
            try require(try await bench.claim(.collector).map(\.environment.id), is: [row.id], "the collector's rows")
        },
        StoreCase(.remove, "again", "what is removed already, is gone or was never there is removed with success") {
            bench in
            let row = try await bench.readyRow("a")
            try await bench.store.remove(row.id)
            let once = try await bench.row(row.id)
            try await bench.other.remove(row.id)
            try require(try await bench.row(row.id), is: once, "the row after the second removal")
            let closed = try await bench.closedRow("b")
            try await bench.store.remove(closed.id)
            try require(try await bench.row(closed.id), is: closed, "the closed row")
            let stranger = try await bench.store.remove(bench.random.environmentID())
            try require(stranger, is: nil, "the answer for what was never there")
        },
        StoreCase(.remove, "queued", "what still waits leaves the queue, and is closed with an event") { bench in
            let row = try await bench.admit("a")
            try await bench.store.remove(row.id)
            try require(try await bench.claim().map(\.environment.id), is: [], "the scheduler's rows")
            let claim = try await bench.claim(row.id, .collector)
            guard case .committed(let closed, let events, _) = try await bench.outcome(claim, [.close]) else {
                throw ConformanceFailure(description: "the lease is said to be lost")
            }
            try require(closed.phase, is: .closed, "the phase")
            try require(events.map(\.kind), is: [.deleted], "the events")
            try require(events.map(\.sequence), is: [2], "the event's number")
        },
        StoreCase(.remove, "failed", "a failed row can be removed") { bench in
            let row = try await bench.failedRow("a")
            try await bench.store.remove(row.id)
            try require(try await bench.row(row.id).phase, is: .deleting, "the phase")
            try require(try await bench.claim(.collector).map(\.environment.id), is: [row.id], "the collector's rows")
        },
    ]

    static let useCases: [StoreCase] = [
        StoreCase(.use, "moves-expiry", "use moves the expiry of a row") { bench in
            let row = try await bench.admit("a", idle: .seconds(1000))
            try await bench.pass(.seconds(700))
            try await bench.store.keepAlive([row.id])
            try require(
                try await bench.row(row.id).desired.lastActivityAt - row.createdAt,
                near: .seconds(700),
                "last use after"
            )
            try await bench.pass(.seconds(600))
            try require(try await bench.claim(.collector).map(\.environment.id), is: [], "the collector's rows")
            try await bench.pass(.seconds(600))
            try require(try await bench.claim(.collector).map(\.environment.id), is: [row.id], "the collector's rows")
        },
        StoreCase(.use, "rarely", "use is not written more often than it is worth") { bench in
            let row = try await bench.admit("a", idle: .seconds(36_000))
            for _ in 0..<5 {
                try await bench.store.keepAlive([row.id, row.id])
                _ = try await bench.admit("a")
                try await bench.pass(.seconds(8))
            }
            try require(try await bench.row(row.id), is: row, "the row after uses at once")
            try await bench.pass(.seconds(61))
            try await bench.store.keepAlive([row.id])
            try require(
                try await bench.row(row.id).desired.lastActivityAt > row.desired.lastActivityAt,
                "a use after a minute is not noted"
            )
        },
        StoreCase(.use, "many", "uses of many rows are noted at once, whatever else is named") { bench in
            let rows = [try await bench.admit("a"), try await bench.admit("b")]
            let closed = try await bench.closedRow("c")
            try await bench.pass(.seconds(300))
            try await bench.store.keepAlive([rows[0].id, bench.random.environmentID(), closed.id, rows[1].id])
            for row in rows {
                let used = try await bench.row(row.id).desired.lastActivityAt
                try require(
                    used - row.desired.lastActivityAt,
                    near: .seconds(300),
                    "the use of \(row.owner) was noted after"
                )
            }
        },
    ]
}
