package import Metrics

/// What a pool and its connections count.
package struct PostgresMetrics: Sendable {
    /// Transactions that the server kept.
    package let commits: Counter
    /// Statements that were sent, `begin` and `commit` among them.
    package let statements: Counter
    /// Answers that were waited for.
    package let roundTrips: Counter
    /// Connections that were opened in place of one that had ended.
    package let reconnects: Counter
    /// Calls that had to wait for a free connection.
    package let waits: Counter
    /// How long they waited.
    package let waitTime: Timer

    package init() {
        commits = Counter(label: "antidote_postgres_commits")
        statements = Counter(label: "antidote_postgres_statements")
        roundTrips = Counter(label: "antidote_postgres_round_trips")
        reconnects = Counter(label: "antidote_postgres_reconnects")
        waits = Counter(label: "antidote_postgres_pool_waits")
        waitTime = Timer(label: "antidote_postgres_pool_wait_seconds")
    }
}
