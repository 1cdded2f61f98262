@_spi(StoreKit) import AntidoteCore
import PostgresClient

/// Parts of statements. No statement decides what becomes of a row: they read, lock, and write what the core decided.
///
/// Which phases count as what is derived from ``Phase``, so that a query, a partial index and the core never differ.
enum SQL {
    static let environments = "antidote_state_environments"
    static let sessions = "antidote_state_sessions"

    /// Rows that their owner gets back by asking again.
    static let isRunning = phases(\.isRunning)
    /// Rows that wait for capacity.
    static let isQueued = phases(\.awaitsCapacity)
    /// Rows that are listed and may still have something at their provider.
    static let isOpen = phases(\.isOpen)
    /// Rows of which only the events remain.
    static let isClosed = phases { !$0.isOpen }

    private static func phases(_ isIncluded: (Phase) -> Bool) -> String {
        "phase in (\(Phase.allCases.filter(isIncluded).map { "'\($0.rawValue)'" }.joined(separator: ", ")))"
    }

    /// The store's time, after everything before it in the round trip has its locks.
    static let clock = PostgresQuery("clock", "select clock_timestamp()")()

    /// Until the end of the transaction, in one order for all.
    static let lockAll = PostgresQuery(
        "lock all",
        """
        select pg_advisory_xact_lock(hashtextextended(name, $2)) \
        from (select name from unnest($1::text[]) name order by name collate "C") names
        """
    )

    static let lock = PostgresQuery("lock", "select pg_advisory_xact_lock($1)")

    /// Rows to be changed. Everybody locks them in one order.
    static let lockRows = PostgresQuery(
        "lock rows",
        """
        select \(EnvironmentColumn.selection) from \(environments) \
        where id = any($1) order by id for update
        """
    )
}
