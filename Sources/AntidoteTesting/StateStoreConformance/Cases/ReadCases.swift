@_spi(StoreKit) import AntidoteCore

extension StoreCase {
    static let readCases: [StoreCase] = [
        StoreCase(.read, "identity", "every connection tells the same identity of the store") { bench in
            try require(bench.store.id, is: bench.other.id, "the identity")
            try require(StoreID.isValid(bench.store.id.rawValue), "“\(bench.store.id)” is no identity")
        },
        StoreCase(.read, "everywhere", "what was answered is read by every connection at once") { bench in
            let row = try await bench.admit("a")
            try require(try await bench.other.environment(row.id), is: row, "the row")
            let claim = try await bench.claim(row.id)
            try require(try await bench.other.environment(row.id), is: claim.environment, "the claimed row")
            let ready = try await bench.commit(claim, bench.ready(row))
            try require(try await bench.other.environment(row.id), is: ready, "the committed row")
        },
        StoreCase(.read, "unknown", "there is no row of an id that was never given") { bench in
            try await bench.admit("a")
            let found = try await bench.store.environment(bench.random.environmentID())
            try require(found, is: nil, "the row")
        },
        StoreCase(.read, "known", "of many ids, those that have rows are answered, closed ones too") { bench in
            let row = try await bench.admit("a")
            let closed = try await bench.closedRow("b")
            let known = try await bench.store.known([row.id, bench.random.environmentID(), closed.id])
            try require(Set(known.keys), is: [row.id, closed.id], "the rows")
            try require(known[row.id], is: row, "the row")
            try require(try await bench.store.known([]).isEmpty, "something is known of nothing")
        },
        StoreCase(.read, "by-owner", "the rows of an owner are listed") { bench in
            let rows = [try await bench.admit("a", "1"), try await bench.admit("a", "2")]
            try await bench.admit("b")
            let filter = EnvironmentFilter(owner: OwnerID(unchecked: "a"))
            try require(try await bench.store.environments(matching: filter), is: rows, "the list")
        },
        StoreCase(.read, "by-backend", "the rows on a backend are listed") { bench in
            let row = try await bench.admit("a", backend: "one")
            try await bench.admit("b", backend: "two")
            let filter = EnvironmentFilter(backend: BackendID(unchecked: "one"))
            try require(try await bench.store.environments(matching: filter), is: [row], "the list")
        },
        StoreCase(.read, "by-phase", "rows are listed by phase, and without one those that are not closed") { bench in
            let ready = try await bench.readyRow("a")
            let closed = try await bench.closedRow("b")
            let queued = try await bench.admit("c")
            func listed(_ phases: Set<Phase>?, owner: OwnerID? = nil) async throws -> [EnvironmentID] {
                let filter = EnvironmentFilter(owner: owner, phases: phases)
                return try await bench.store.environments(matching: filter).map(\.id)
            }
            try require(try await listed(nil), is: [ready.id, queued.id], "all")
            try require(try await listed([.ready]), is: [ready.id], "READY")
            try require(try await listed([.closed]), is: [closed.id], "CLOSED")
            try require(try await listed([.queued, .ready, .failed]), is: [ready.id, queued.id], "three phases")
            try require(try await listed([]), is: [], "no phase")
        },
        StoreCase(.read, "pages", "lists come in pages, by ticket") { bench in
            var wanted: [EnvironmentID] = []
            for index in 0..<7 { wanted.append(try await bench.admit("a", "s\(index)").id) }
            var listed: [Environment] = []
            for page in [3, 3, 1, 0] {
                let filter = EnvironmentFilter(
                    owner: OwnerID(unchecked: "a"),
                    afterTicket: listed.last?.ticket,
                    limit: 3
                )
                let rows = try await bench.store.environments(matching: filter)
                try require(rows.count, is: page, "rows of a page")
                listed += rows
            }
            try require(listed.map(\.id), is: wanted, "the rows of all pages")
        },
        StoreCase(.read, "roster", "the roster of a backend has every row there that is not closed, by ticket") {
            bench in
            var wanted = [RosterEntry(try await bench.readyRow("a")), RosterEntry(try await bench.failedRow("b"))]
            _ = try await bench.closedRow("c")
            _ = try await bench.admit("d", backend: "elsewhere")
            wanted.append(RosterEntry(try await bench.admit("e")))
            let backend = BackendID(unchecked: StoreBench.backend)
            let first = try await bench.other.roster(of: backend, after: .min, limit: 2)
            try require(first, is: Array(wanted.prefix(2)), "the first page")
            let rest = try await bench.other.roster(of: backend, after: wanted[1].ticket, limit: 2)
            try require(rest, is: Array(wanted.suffix(1)), "the last page")
            try require(try await bench.store.roster(of: backend, after: .min, limit: 0), is: [], "a page of nothing")
        },
    ]
}
