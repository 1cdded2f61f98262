@_spi(StoreKit) import AntidoteCore

/// Rows that come, are granted and go, through two connections at once, while somebody counts.
struct CapacityStorm: Sendable {
    let bench: StoreBench

    private static let backends = ["one", "two"]

    func run(rounds: Int) async throws {
        for round in 0..<rounds {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for turn in 0..<4 {
                    let connection = bench.both[turn % 2]
                    group.addTask { try await ask(round, turn, connection) }
                    group.addTask { try await grant("s\(turn)", connection) }
                    group.addTask { try await takeAway("c\(turn)", connection) }
                }
                try await group.waitForAll()
            }
            _ = try await count()
        }
        try await fillUp()
    }

    private func ask(_ round: Int, _ turn: Int, _ connection: any StateStore) async throws {
        for index in 0..<3 {
            let name = "s\((round + turn + index) % 3)"
            let backend = Self.backends[(turn + index) % 2]
            _ = try await connection.admit(bench.request("o\(round)-\(turn)-\(index)", name, backend: backend))
        }
    }

    private func grant(_ worker: String, _ connection: any StateStore) async throws {
        for claim in try await bench.claim(worker: worker, backends: Self.backends, limit: 3, with: connection) {
            let row = claim.environment
            let isFirst = row.incarnation == 0
            let outcome = try await bench.outcome(
                claim,
                isFirst ? bench.ready(row) : [],
                releases: true,
                with: connection
            )
            guard case .committed = outcome else { continue }
            // Every second one leaves at once.
            if row.ticket % 2 == 0 { try await connection.remove(row.id) }
        }
        _ = try await count()
    }

    private func takeAway(_ worker: String, _ connection: any StateStore) async throws {
        let claims = try await bench.claim(
            .collector,
            worker: worker,
            backends: Self.backends,
            limit: 2,
            with: connection
        )
        for claim in claims {
            let gone = claim.environment.incarnation
            _ = try await bench.outcome(
                claim,
                [.abandon, .destroyed(through: gone), .close],
                releases: true,
                with: connection
            )
        }
    }

    /// The rows that hold capacity; throws if they are too many.
    private func count() async throws -> [Environment] {
        let rows = try await bench.store.environments(matching: EnvironmentFilter()).filter(\.holdsCapacity)
        try require(rows.count <= bench.limits.perInstance ?? .max, "\(rows.count) rows hold capacity at once")
        for (backend, rows) in Dictionary(grouping: rows, by: \.backend) {
            try require(rows.count <= bench.limits.perBackend ?? .max, "\(rows.count) rows hold capacity on \(backend)")
        }
        for (name, rows) in Dictionary(grouping: rows, by: \.source.name) {
            try require(rows.count <= bench.limits.perSource ?? .max, "\(rows.count) rows hold capacity of \(name)")
        }
        return rows
    }

    /// What the store believes to be free is what the rows that hold something leave.
    private func fillUp() async throws {
        for index in 0..<30 {
            try await bench.admit("z\(index)", "s\(index % 3)", backend: Self.backends[index % 2])
        }
        while case let claims = try await bench.claim(backends: Self.backends), !claims.isEmpty {
            for claim in claims { try await bench.commit(claim, releases: false) }
        }
        let rows = try await count()
        try require(rows.count, is: bench.limits.perInstance ?? 0, "rows that hold capacity after the storm")
    }
}
