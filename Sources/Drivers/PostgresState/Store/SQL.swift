import PostgresClient

/// Parts of statements. No statement decides what becomes of a row: they read, lock, and write what the core decided.
enum SQL {
    static let environments = "antidote_state_environments"

    /// Of rows that their owner gets back by asking again.
    static let sharedPhases = "'QUEUED', 'INITIALIZED', 'BOOTING', 'CONFIGURATION', 'READY'"

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
