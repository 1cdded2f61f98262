import AntidoteCore
import PostgresClient

extension PostgresStateStore {
    public func forget(olderThan age: Duration, limit: Int) async throws -> Int {
        let parameters: [PostgresValue] = [.integer(age.wholeMicroseconds), .integer(max(0, limit))]
        return try await writing { transaction in
            try transaction.finish(
                [Self.forgetRows, Self.forgetSessions, Self.forgetEditions].map {
                    PostgresStatement(query: $0, values: parameters)
                }
            ).reduce(0) { sum, rows in sum + (try rows.first.map { Int(try $0.integer(0)) } ?? 0) }
        }
    }

    public func checkHealth() async throws {
        // Whoever asks wants to know why it does not work before his own patience ends.
        try await reading(isPatient: false) { [id] transaction in
            let answers = try transaction.finish([PostgresDatabase.selectMeta(), Self.selectAccess()])
            try Self.check(answers[0], is: id)
            guard try answers[1].first?.text(0) == "off" else { throw PostgresError.readOnly }
        }
    }
}

extension PostgresStateStore {
    private static let forgetRows = PostgresQuery(
        "forget environments",
        """
        with gone as (\
        delete from \(SQL.environments) where id in (\
        select id from \(SQL.environments) where \(SQL.isClosed) \
        and phase_since < statement_timestamp() - $1 * interval '1 microsecond' \
        order by phase_since limit $2 for update skip locked) returning id\
        ), events as (\
        delete from antidote_state_events using gone where environment = gone.id\
        ), objectives as (\
        delete from antidote_state_objectives using gone where environment = gone.id\
        ) select count(*) from gone
        """
    )

    private static let forgetSessions = PostgresQuery(
        "forget sessions",
        """
        with gone as (\
        delete from antidote_state_sessions where id in (\
        select id from antidote_state_sessions session where not is_persistent \
        and ends_at < statement_timestamp() - $1 * interval '1 microsecond' \
        and not exists (select from \(SQL.environments) environment where environment.owner = session.id \
        and \(SQL.isRunning)) \
        order by ends_at limit $2 for update skip locked) returning id\
        ) select count(*) from gone
        """
    )

    private static let forgetEditions = PostgresQuery(
        "forget editions",
        """
        with gone as (\
        delete from antidote_resource_editions where (kind, version) in (\
        select kind, version from antidote_resource_editions \
        where retired_at < statement_timestamp() - $1 * interval '1 microsecond' \
        and (kind, version) not in (\
        select source_kind, source_version from \(SQL.environments) where \(SQL.isOpen)) \
        order by retired_at limit $2 for update skip locked) returning version\
        ) select count(*) from gone
        """
    )

    private static let selectAccess = PostgresQuery("access", "select current_setting('transaction_read_only')")
}

extension PostgresError {
    static let readOnly = PostgresError(
        .readOnly,
        "the server accepts no writes",
        advice: "Connect to the primary server"
    )
}
