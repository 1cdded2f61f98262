import AntidoteCore
import PostgresClient

/// How due rows are found: by index, and never by looking at what is not due.
enum ClaimSQL {
    static func due(_ role: WorkerRole) -> PostgresQuery { role == .scheduler ? dueForScheduler : dueForCollector }

    static func earliest(_ role: WorkerRole) -> PostgresQuery {
        role == .scheduler ? earliestForScheduler : earliestForCollector
    }

    private static let dueForScheduler = due("scheduler")
    private static let dueForCollector = due("collector")
    private static let earliestForScheduler = earliest("scheduler")
    private static let earliestForCollector = earliest("collector")

    static let capacity = PostgresQuery(
        "capacity",
        """
        select backend, source_kind, source_name, sum(held)::bigint from antidote_state_capacity \
        group by backend, source_kind, source_name having sum(held) > 0
        """
    )

    /// Of each backend in turn, by ticket. One that a collector holds is about to expire, and is given to nobody else.
    static let waiting = PostgresQuery(
        "waiting",
        """
        select \(EnvironmentColumn.selection) from unnest($1::text[]) with ordinality as wanted (name, place) \
        cross join lateral (\
        select * from \(SQL.environments) \
        where backend = wanted.name and \(isFree("$3")) order by ticket limit $2 for update skip locked\
        ) found order by place, ticket
        """
    )

    static let firstWaiting = PostgresQuery(
        "first waiting",
        """
        select \(EnvironmentColumn.selection) from unnest($1::text[]) as wanted (name) \
        cross join lateral (\
        select * from \(SQL.environments) \
        where backend = wanted.name and \(isFree("$2")) order by ticket limit 1\
        ) found
        """
    )

    private static func isFree(_ limit: String) -> String {
        """
        \(SQL.isQueued) and (lease_ends_at is null or lease_ends_at <= statement_timestamp()) \
        and (source_kind, source_name) not in (\
        select source_kind, source_name from antidote_state_capacity \
        group by source_kind, source_name having sum(held) >= \(limit)\
        )
        """
    }

    private static func due(_ role: String) -> PostgresQuery {
        PostgresQuery(
            "due for \(role)",
            """
            select \(EnvironmentColumn.selection) from unnest($1::text[]) with ordinality as wanted (name, place) \
            cross join lateral (\
            select * from \(SQL.environments) where backend = wanted.name \
            and due_\(role) <= statement_timestamp() order by due_\(role) limit $2 for update skip locked\
            ) found order by place, due_\(role), ticket
            """
        )
    }

    private static func earliest(_ role: String) -> PostgresQuery {
        PostgresQuery(
            "earliest for \(role)",
            """
            select min(found.due) from unnest($1::text[]) as wanted (name) cross join lateral (\
            select due_\(role) as due from \(SQL.environments) \
            where backend = wanted.name and due_\(role) is not null order by due_\(role) limit 1\
            ) found
            """
        )
    }
}
