@_spi(StoreKit) import AntidoteCore
import FakeBackend
import PostgresState
import Testing

/// Workers whose clocks are two hours apart, and an hour from the database's: only that one counts.
@Suite struct ClockTests {
    private static let hour = Duration.seconds(3600)
    /// What even a busy machine does not need, and far below an hour.
    private static let late = Duration.seconds(90)

    @Test func clocksThatAreWrongDecideNothing() async throws {
        try await withStore { store, configuration in
            let office = Office(configuration: configuration)
            let ids = try await admitted(40, store)
            // Built for longer than a lease, which is renewed meanwhile.
            let slow = FakeScript(latencies: [.probe: .seconds(4)...(.seconds(4))])
            try await office.withWorkers(ahead: Self.hour, slow) {
                try await office.withWorkers(ahead: .zero - Self.hour, slow) {
                    for id in ids { _ = try await store.row(id) { $0.phase == .ready } }
                }
            }
            try await isThereOnce(ids, office, store)

            for ahead in [Self.hour, .zero - Self.hour] {
                let left = try await lessonThatSomebodyLeft(store)
                let unlucky = FakeFault(.create, firstCalls: 1, error: AntidoteError(.backendUnavailable, "not now"))
                try await office.withWorkers(ahead: ahead, FakeScript(faults: [unlucky])) {
                    // The lease ends when the database says so, and what was left is taken up then.
                    let taken = try await store.row(left.id) { $0.phase == .ready }
                    #expect(left.until <= taken.phaseSince, "\(ahead)")
                    #expect(taken.phaseSince < left.until + Self.late, "\(ahead)")
                    try await isTriedAgainInTime(store, ahead)
                    try await expiresInTime(store, ahead)
                    try await store.remove(left.id)
                    _ = try await store.row(left.id) { $0.phase == .closed }
                }
                // Nobody has been idle for half an hour.
                try await isThereOnce(ids, office, store)
            }
        }
    }

    private func admitted(_ count: Int, _ store: PostgresStateStore) async throws -> [EnvironmentID] {
        var ids: [EnvironmentID] = []
        for number in 0..<count {
            let request = Sample.request("owner-\(number)", idle: Self.hour / 2)
            ids.append(try await store.admit(request).environment.id)
        }
        return ids
    }

    /// Claimed by a worker that died. Returns it, and when its lease ends.
    private func lessonThatSomebodyLeft(
        _ store: PostgresStateStore
    ) async throws -> (id: EnvironmentID, until: Timestamp) {
        let id = try await store.admit(Sample.request("left")).environment.id
        let claim = try #require(try await store.claim(Sample.claim(lease: .seconds(3))).first)
        try #require(claim.environment.id == id)
        return (id, claim.lease.endsAt)
    }

    /// The pause before the next attempt is neither left out nor an hour long.
    private func isTriedAgainInTime(_ store: PostgresStateStore, _ ahead: Duration) async throws {
        let id = try await store.admit(Sample.request("unlucky")).environment.id
        let row = try await store.row(id) { $0.phase == .ready }
        #expect(row.createdAt + Office.pause <= row.phaseSince, "\(ahead)")
        #expect(row.phaseSince < row.createdAt + Self.late, "\(ahead)")
        try await store.remove(id)
        _ = try await store.row(id) { $0.phase == .closed }
    }

    /// One that nobody uses goes when its time is over, neither at once nor an hour later.
    private func expiresInTime(_ store: PostgresStateStore, _ ahead: Duration) async throws {
        let limit = Duration.seconds(3)
        let id = try await store.admit(Sample.request("idle", idle: limit)).environment.id
        let row = try await store.row(id) { $0.phase == .closed }
        #expect(row.desired.lastActivityAt + limit <= row.phaseSince, "\(ahead)")
        #expect(row.phaseSince < row.desired.lastActivityAt + limit + Self.late, "\(ahead)")
    }

    /// All of them, built and configured once, and nothing else.
    private func isThereOnce(_ ids: [EnvironmentID], _ office: Office, _ store: PostgresStateStore) async throws {
        let rows = try await store.environments(matching: EnvironmentFilter()).filter { $0.phase != .closed }
        #expect(Set(rows.map(\.id)) == Set(ids) && rows.count == ids.count)
        #expect(rows.allSatisfy { $0.phase == .ready && $0.incarnation == 1 && $0.attempts.restarts.isEmpty })
        let topologies = office.provider.topologies
        #expect(Set(topologies.keys.map(\.environment)) == Set(ids) && topologies.count == ids.count)
        #expect(topologies.values.allSatisfy { $0.runs.count == 1 && $0.runs.values.allSatisfy { $0 == 1 } })
        for id in ids { #expect(try await store.events(of: id, after: 0).map(\.kind) == [.admitted, .ready]) }
    }
}

extension StateStore {
    /// Returns the row when it is so: what workers do tells nobody here. Throws when that takes far too long.
    func row(
        _ id: EnvironmentID,
        _ isSo: @escaping @Sendable (Environment) -> Bool
    ) async throws -> Environment {
        let late = AntidoteError(.deadlineExceeded, "the environment \(id) did not become what it should")
        return try await TimeSource.system.withDeadline(.seconds(120), onTimeout: late) {
            while true {
                if let row = try await self.environment(id), isSo(row) { return row }
                try await TimeSource.system.sleep(.milliseconds(20))
            }
        }
    }
}
