@_spi(StoreKit) import AntidoteCore
import PostgresClient
import PostgresState
import Testing

@Suite struct StoreFaultTests {
    /// As the core does: the answer is unknown, so it is asked again.
    private func insist<Value>(_ call: () async throws -> Value) async throws -> Value {
        while true {
            do {
                return try await call()
            } catch let error as AntidoteError where error.code == .storeUnavailable {
                try Task.checkCancellation()
            }
        }
    }

    private func live(_ owner: String, _ store: PostgresStateStore) async throws -> EnvironmentID {
        let id = try await insist { try await store.admit(Sample.request(owner)).environment.id }
        // Somebody claims it; whoever does makes it ready.
        while try await insist({ try await store.environment(id) })?.phase != .ready {
            let claims = try await insist { try await store.claim(Sample.claim(limit: 4, lease: .milliseconds(300))) }
            for claim in claims {
                let row = claim.environment
                let next = row.observed.hasLiveIncarnation ? row.incarnation : row.incarnation + 1
                let commit = Commit(
                    environment: row.id,
                    fence: claim.lease.fence,
                    changes: [
                        .begin(incarnation: next),
                        .built(Sample.provisioned(row.id, store.id), generation: row.generation, repaired: []),
                        .configured(generation: row.generation),
                    ],
                    releases: true
                )
                _ = try await insist { try await store.commit([commit]) }
            }
        }
        return id
    }

    private func check(_ owners: Int, _ store: PostgresStateStore, _ configuration: PostgresConfiguration) async throws
    {
        let rows = try await store.environments(matching: EnvironmentFilter())
        #expect(rows.count == owners)
        #expect(rows.allSatisfy { $0.phase == .ready })
        for row in rows {
            let events = try await store.events(of: row.id, after: 0)
            #expect(events.map(\.kind) == [.admitted, .ready])
            #expect(events.map(\.sequence) == [1, 2])
        }
        let connection = try PostgresConnection(configuration: configuration)
        let held = try await connection.number("select sum(held)::bigint from antidote_state_capacity")
        #expect(held == Int64(owners))
        await connection.close()
    }

    @Test func backendsThatAreKilledLoseAndDoubleNothing() async throws {
        try await withStore(limits: AdmissionLimits(perInstance: 60, queueLength: 100)) { store, configuration in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let killer = try PostgresConnection(configuration: configuration)
                    while !Task.isCancelled {
                        try? await killer.execute(
                            """
                            select pg_terminate_backend(pid), pg_sleep(0.02) from (\
                            select pid from pg_stat_activity where datname = current_database() \
                            and pid <> pg_backend_pid() order by random() limit 1\
                            ) victim
                            """
                        )
                    }
                    await killer.close()
                }
                let work = Task {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for owner in 0..<50 { group.addTask { _ = try await live("owner-\(owner)", store) } }
                        try await group.waitForAll()
                    }
                }
                try await work.value
                group.cancelAll()
                try await group.waitForAll()
            }
            try await check(50, store, configuration)
        }
    }

    @Test func aServerThatRestartsUnderLoadLosesAndDoublesNothing() async throws {
        let server = try await PostgresServer(settings: ["fsync = on"])
        try await server.withStore { store, configuration in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for owner in 0..<40 {
                    group.addTask {
                        if owner % 16 == 8 { server.restart() }
                        _ = try await live("owner-\(owner)", store)
                    }
                }
                try await group.waitForAll()
            }
            try await check(40, store, configuration)
        }
        server.stop()
    }

    @Test func oneBadRequestHurtsNobodyElse() async throws {
        try await withStore { store, _ in
            let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        var request = Sample.request("owner-\(number)")
                        if number % 10 == 3 { request.source.name = "NUL \0" }
                        do {
                            return try await store.admit(request).isNew
                        } catch let error as AntidoteError where error.code == .internalFault {
                            return false
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 } == 54)
            #expect(try await store.environments(matching: EnvironmentFilter()).count == 54)
        }
    }

    @Test func whoIsCancelledIsNotWaitedForAndHarmsNobody() async throws {
        try await withStore { store, configuration in
            let id = try await store.admit(Sample.request()).environment.id
            let blocker = try PostgresConnection(configuration: configuration)
            let lock = PostgresQuery("lock", "select id from antidote_state_environments for update")
            let observer = try PostgresConnection(configuration: configuration)
            let isLocked = Counter()
            let isOver = Counter()
            let sleep = PostgresQuery("sleep", "select pg_sleep(0.01)::text")
            let blocking = Task {
                try await blocker.transaction { transaction in
                    _ = try transaction.run(lock())
                    isLocked.increment()
                    while isOver.value == 0 { _ = try transaction.run(sleep()) }
                }
            }
            try await until("the row is locked") { isLocked.value == 1 }
            let first = Task { try await store.remove(id) }
            let second = Task { try await store.change(id, toRevision: 3) }
            try await until("somebody waits for it") {
                try await observer.number(
                    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
                ) ?? 0 > 0
            }
            first.cancel()
            await #expect(throws: CancellationError.self) { try await first.value }
            isOver.increment()
            try await blocking.value
            // It came first or after the removal, which may have been done or not.
            switch await second.result {
            case .success(let change): #expect(change.environment.revision == 3)
            case .failure(let error): #expect((error as? AntidoteError)?.code == .notFound)
            }
            await blocker.close()
            await observer.close()
        }
    }
}
