import AntidoteCore
import PostgresClient
import Testing

@testable import PostgresState

@Suite struct QueueLimitTests {
    /// Two batches that count the queue at the same moment, a small one and a large one: neither sees what the other adds.
    @Test func batchesOfAnySizeKeepToTheQueueTogether() async throws {
        let limits = AdmissionLimits(queueLength: 40)
        try await withStore(limits: limits) { store, configuration in
            for number in 0..<23 { _ = try await store.admit(Sample.request("early\(number)")) }
            let pool = try PostgresPool(configuration: configuration, time: .system)
            let gate = try PostgresConnection(configuration: configuration)
            try await gate.number("select count(pg_advisory_lock(42))")
            try await withThrowingTaskGroup(of: Void.self) { group in
                // While the gate is shut, rows can be counted, and not written.
                group.addTask {
                    let holder = try PostgresConnection(configuration: configuration)
                    try await holder.execute(
                        """
                        do $$ begin lock table antidote_state_environments in share mode;
                        perform pg_advisory_xact_lock(42); end $$
                        """
                    )
                    await holder.close()
                }
                try await waitForWaiters(1, configuration)
                for (waiters, owners) in [(2, ["small"]), (3, (0..<20).map { "large\($0)" })] {
                    group.addTask {
                        let admissions = owners.map { Admit(Sample.request($0)) }
                        _ = try await AdmissionLoading.perform(
                            admissions.map { admission in
                                Decision(needs: admission.needs) { _ = try admission.decide(&$0) }
                            },
                            limits: limits,
                            in: pool
                        ) { LoadedSet(now: $0, limits: limits, random: .system) }
                    }
                    try await waitForWaiters(Int64(waiters), configuration)
                }
                try await gate.number("select count(pg_advisory_unlock(42))")
                try await group.waitForAll()
            }
            await gate.close()
            await pool.close()
            #expect(try await store.environments(matching: EnvironmentFilter()).count == 40)
        }
    }

    /// Returns when so many transactions of the database wait for a lock.
    private func waitForWaiters(_ count: Int64, _ configuration: PostgresConfiguration) async throws {
        let connection = try PostgresConnection(configuration: configuration)
        while try await connection.number(
            """
            select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
            """
        ) != count {}
        await connection.close()
    }
}
