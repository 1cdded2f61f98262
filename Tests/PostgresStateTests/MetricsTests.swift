import AntidoteCore
import Metrics
import MetricsTestKit
import PostgresClient
import PostgresState
import Testing

@Suite struct MetricsTests {
    @Test func whatAPoolDoesIsCounted() async throws {
        let metrics = TestMetrics()
        try await PostgresServer.shared.value.withDatabase { configuration in
            var configuration = configuration
            configuration.poolSize = 1
            let counted = withMetricsFactory(metrics) { PostgresMetrics() }
            let pool = try PostgresPool(configuration: configuration, time: .system, metrics: counted)
            let one = PostgresQuery("one", "select 1")
            try await pool.transaction { transaction in
                _ = try transaction.run([one(), one()])
                try transaction.finish([one()])
            }
            try await pool.withConnection { connection in
                let waiter = Task { try await pool.transaction { try $0.finish([one()]).count } }
                try await until("somebody waits") { pool.load.waiting == 1 }
                // It ends itself, and is made anew for the next one.
                _ = await failure {
                    try await connection.execute("select pg_terminate_backend(pg_backend_pid())")
                }
                waiter.cancel()
                _ = await waiter.result
            }
            _ = try await pool.transaction { try $0.finish([one()]).count }
            await pool.close()
        }
        // Begin, three statements and commit; the last words of the connection that ends; and one more.
        #expect(try metrics.expectCounter("antidote_postgres_statements").totalValue == 7)
        #expect(try metrics.expectCounter("antidote_postgres_commits").totalValue == 2)
        #expect(try metrics.expectCounter("antidote_postgres_reconnects").totalValue == 1)
        #expect(try metrics.expectCounter("antidote_postgres_pool_waits").totalValue == 1)
        #expect(try metrics.expectTimer("antidote_postgres_pool_wait_seconds").values.count == 1)
    }
}
