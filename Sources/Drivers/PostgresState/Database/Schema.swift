/// The tables, as `antidote db init` makes them. There are no migrations: another version is another database.
enum Schema {
    /// Raised with every change of the tables that an older or newer release would trip over.
    static let version: Int64 = 2

    /// What belongs to us in a database, in an order in which it can be dropped.
    static let tables = [
        "antidote_state_events", "antidote_state_objectives", "antidote_state_environments", "antidote_state_capacity",
        "antidote_state_sessions", "antidote_resource_files", "antidote_resource_documents",
        "antidote_resource_editions", "antidote_meta",
    ]

    /// Of the advisory locks: what else uses the database has its own numbers.
    enum Lock {
        static let initialization: Int64 = 0x616E_7469_0001
        static let grants: Int64 = 0x616E_7469_0002
        static let owners: Int64 = 0x616E_7469_0003
        static let addresses: Int64 = 0x616E_7469_0004
        static let sources: Int64 = 0x616E_7469_0005
        static let queue: Int64 = 0x616E_7469_0006
    }

    static var drops: [String] {
        ["drop view if exists antidote_state_livelessons"]
            + tables.map { "drop table if exists \($0)" }
            + ["drop sequence if exists antidote_state_tickets"]
    }

    static let creations = meta + resources + sessions + environments + events

    private static let meta = [
        """
        create table antidote_meta (
            singleton boolean primary key default true check (singleton),
            schema_version bigint not null,
            release text not null,
            store_id text not null,
            created_at timestamptz not null default now()
        )
        """
    ]

    private static let resources = [
        """
        create table antidote_resource_editions (
            kind text collate "C" not null,
            version text collate "C" not null,
            imported_at timestamptz not null default now(),
            retired_at timestamptz,
            primary key (kind, version)
        )
        """,
        "create unique index antidote_resource_editions_current on antidote_resource_editions (kind) "
            + "where retired_at is null",
        """
        create table antidote_resource_documents (
            kind text collate "C" not null,
            version text collate "C" not null,
            name text collate "C" not null,
            body bytea not null,
            primary key (kind, version, name),
            foreign key (kind, version) references antidote_resource_editions on delete cascade
        )
        """,
        """
        create table antidote_resource_files (
            kind text collate "C" not null,
            version text collate "C" not null,
            source text collate "C" not null,
            path text collate "C" not null,
            mode bigint not null,
            contents bytea not null,
            primary key (kind, version, source, path),
            foreign key (kind, version) references antidote_resource_editions on delete cascade
        )
        """,
    ]

    private static let sessions = [
        """
        create table antidote_state_sessions (
            id text collate "C" primary key,
            token_digest bytea not null unique,
            created_at timestamptz not null,
            ends_at timestamptz,
            is_persistent boolean not null,
            provider text,
            subject text,
            address text collate "C"
        )
        """,
        "create index antidote_state_sessions_address on antidote_state_sessions (address) where address is not null",
        "create index antidote_state_sessions_end on antidote_state_sessions (ends_at) where not is_persistent",
    ]

    private static let environments = [
        "create sequence antidote_state_tickets",
        """
        create table antidote_state_environments (
            \(EnvironmentColumn.definitions)
        ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)
        """,
        """
        create unique index antidote_state_environments_live \
        on antidote_state_environments (owner, source_kind, source_name) where \(SQL.isRunning)
        """,
        "create index antidote_state_environments_owner on antidote_state_environments (owner) where \(SQL.isOpen)",
        "create unique index antidote_state_environments_ticket on antidote_state_environments (ticket)",
        "create index antidote_state_environments_due_scheduler on antidote_state_environments "
            + "(backend, due_scheduler) where due_scheduler is not null",
        "create index antidote_state_environments_due_collector on antidote_state_environments "
            + "(backend, due_collector) where due_collector is not null",
        "create index antidote_state_environments_queued on antidote_state_environments (backend, ticket) "
            + "where \(SQL.isQueued)",
        "create index antidote_state_environments_roster on antidote_state_environments (backend, ticket) "
            + "where \(SQL.isOpen)",
        "create index antidote_state_environments_closed on antidote_state_environments (phase_since) "
            + "where \(SQL.isClosed)",
        """
        create table antidote_state_capacity (
            backend text collate "C" not null,
            source_kind text collate "C" not null,
            source_name text collate "C" not null,
            slot integer not null,
            held bigint not null,
            primary key (backend, source_kind, source_name, slot)
        ) with (fillfactor = 10)
        """,
        """
        create table antidote_state_objectives (
            environment text collate "C" not null,
            stage bigint not null,
            objective bigint not null,
            status text not null,
            checked_at timestamptz not null,
            primary key (environment, stage, objective)
        )
        """,
        """
        create view antidote_state_livelessons as
        select id, owner as session, source_name as lesson, source_version as curriculum, revision as stage, backend,
            phase, phase_since, created_at, last_activity_at, is_persistent, attempts, failure ->> 'code' as failure_code,
            failure ->> 'message' as failure_message
        from antidote_state_environments where source_kind = 'lesson' and \(SQL.isOpen)
        """,
    ]

    private static let events = [
        """
        create table antidote_state_events (
            \(EventColumn.definitions),
            published boolean not null,
            primary key (environment, sequence)
        )
        """,
        "create index antidote_state_events_time on antidote_state_events (at, environment, sequence)",
        "create index antidote_state_events_unpublished on antidote_state_events (at, environment, sequence) "
            + "where not published",
    ]
}
