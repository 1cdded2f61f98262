@_spi(StoreKit) import AntidoteCore

extension StoreCase {
    static let admitCases: [StoreCase] = [
        StoreCase(.admit, "new", "what is asked for waits in the queue, and is new") { bench in
            let admission = try await bench.store.admit(bench.request("a"))
            let row = admission.environment
            try require(admission.isNew, "it is said to have been there")
            try require(row.phase, is: .queued, "the phase")
            try require(row.wanted, is: .present, "what is wanted")
            try require(row.generation, is: 1, "the generation")
            try require(row.incarnation, is: 0, "the incarnation")
            try require(row.lease, is: nil, "the lease")
            try require(try await bench.row(row.id), is: row, "what is stored")
        },
        StoreCase(.admit, "as-asked", "a row has everything that was asked for") { bench in
            var request = bench.request("a", idle: .milliseconds(1_234_567))
            request.revision = 3
            request.traceContext = [
                "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "tracestate": "klasse=7b",
                "": "leer",
            ]
            request.isPersistent = true
            let admission = try await bench.store.admit(request)
            let row = try await bench.row(admission.environment.id)
            try require(row.owner, is: request.owner, "the owner")
            try require(row.source, is: request.source, "the source")
            try require(row.backend, is: request.backend, "the backend")
            try require(row.revision, is: 3, "the revision")
            try require(row.request.idleLimit, is: request.idleLimit, "the idle limit")
            try require(row.request.traceContext, is: request.traceContext, "the trace")
            try require(row.desired.isPersistent, "it is not persistent")
            try require(admission.events.first?.traceContext, is: request.traceContext, "the event's trace")
        },
        StoreCase(.admit, "again", "the same owner asking for the same source gets the same row, and no event") {
            bench in
            let first = try await bench.store.admit(bench.request("a"))
            let second = try await bench.other.admit(bench.request("a"))
            try require(second.environment.id, is: first.environment.id, "the row of the second request")
            try require(!second.isNew, "the second is said to be new")
            try require(second.events, is: [], "the events of the second request")
        },
        StoreCase(.admit, "any-version", "a row is found again whatever version is asked for") { bench in
            let first = try await bench.store.admit(bench.request("a")).environment
            var request = bench.request("a")
            request.source.version = "2"
            let second = try await bench.store.admit(request).environment
            try require(second.id, is: first.id, "the row of the second request")
            try require(second.source.version, is: "1", "the version that runs")
        },
        StoreCase(.admit, "others", "another owner, kind or source gets a row of its own") { bench in
            var ids = Set([try await bench.admit("a").id, try await bench.admit("b").id])
            ids.insert(try await bench.admit("a", "y").id)
            var request = bench.request("a")
            request.source.kind = "other"
            ids.insert(try await bench.store.admit(request).environment.id)
            try require(ids.count, is: 4, "different rows")
        },
        StoreCase(.admit, "at-once", "50 equal requests at once make one row") { bench in
            let ids = Mutexed<Set<EnvironmentID>>([])
            let made = Mutexed(0)
            _ = try await bench.storm(50, tolerating: []) { connection, _ in
                let admission = try await connection.admit(bench.request("a"))
                ids.change { _ = $0.insert(admission.environment.id) }
                if admission.isNew { made.change { $0 += 1 } }
            }
            try require(ids.value.count, is: 1, "rows")
            try require(made.value, is: 1, "answers that say it is new")
            try require(try await bench.store.environments(matching: EnvironmentFilter()).count, is: 1, "stored rows")
        },
        StoreCase(.admit, "after-the-end", "what was removed, failed or is closed is not given again") { bench in
            let removed = try await bench.admit("a")
            try await bench.store.remove(removed.id)
            let second = try await bench.admit("a")
            try require(second.id != removed.id, "a removed row was given again")
            let failed = try await bench.failedRow("b")
            try require(try await bench.admit("b").id != failed.id, "a failed row was given again")
            let closed = try await bench.closedRow("c")
            try require(try await bench.admit("c").id != closed.id, "a closed row was given again")
        },
        StoreCase(.admit, "tickets", "tickets rise with every row, also when rows are gone") { bench in
            var last: Int64 = .min
            for index in 0..<6 {
                let row = try await bench.both[index % 2].admit(bench.request("o\(index)")).environment
                try require(row.ticket > last, "the ticket \(row.ticket) comes after \(last)")
                last = row.ticket
            }
            let closed = try await bench.closedRow("z")
            try await bench.pass(.seconds(3600))
            _ = try await bench.store.forget(olderThan: .zero, limit: 100)
            try require(try await bench.admit("z").ticket > closed.ticket, "a ticket was given twice")
        },
        StoreCase(.admit, "event", "a request is the first event of its row") { bench in
            let admission = try await bench.store.admit(bench.request("a"))
            let event = try require(admission.events.first, "there is no event to publish")
            try require(admission.events.count, is: 1, "events")
            try require(
                event,
                is: EnvironmentEvent(.admitted, about: admission.environment, sequence: 1, time: event.time),
                "the event"
            )
            try require(admission.environment.eventCount, is: 1, "the row's count of events")
            let stored = try await bench.other.events(of: admission.environment.id, after: 0)
            try require(stored, is: [event], "the stored events")
        },
        StoreCase(.admit, "use", "asking again counts as use") { bench in
            let row = try await bench.admit("a", idle: .seconds(600))
            try await bench.pass(.seconds(300))
            let again = try await bench.admit("a", idle: .seconds(600))
            try require(
                again.desired.lastActivityAt - row.desired.lastActivityAt,
                near: .seconds(300),
                "the use was noted after"
            )
            try require(
                try await bench.row(row.id).desired.lastActivityAt,
                is: again.desired.lastActivityAt,
                "the stored use"
            )
        },
    ]
}
