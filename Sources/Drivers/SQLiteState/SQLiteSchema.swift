#if SQLite
import AntidoteCore
import GRDB

/// The tables of a file, and how a file is known to be one of ours.
enum SQLiteSchema {
    /// “Antd”, in the header of the file.
    static let application: Int32 = 0x416E_7464
    /// Another one whenever the tables are other ones. There are no migrations.
    static let version: Int32 = 2

    /// A row keeps what it is in `row`; beside it stands only what rows are found by.
    static func create(in db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE antidote_meta (
                    key TEXT NOT NULL PRIMARY KEY,
                    value TEXT NOT NULL
                ) STRICT;

                CREATE TABLE antidote_counts (
                    what TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    name TEXT NOT NULL,
                    count INTEGER NOT NULL,
                    PRIMARY KEY (what, kind, name)
                ) STRICT, WITHOUT ROWID;

                CREATE TABLE antidote_environments (
                    ticket INTEGER PRIMARY KEY,
                    id TEXT NOT NULL UNIQUE,
                    owner TEXT NOT NULL,
                    address TEXT,
                    backend TEXT NOT NULL,
                    source_kind TEXT NOT NULL,
                    source_name TEXT NOT NULL,
                    source_version TEXT NOT NULL,
                    phase TEXT NOT NULL,
                    is_queued INTEGER NOT NULL,
                    is_shared INTEGER NOT NULL,
                    lease_ends INTEGER,
                    due_scheduler INTEGER,
                    due_collector INTEGER,
                    closed_at INTEGER,
                    row TEXT NOT NULL
                ) STRICT;
                CREATE INDEX antidote_environments_line
                    ON antidote_environments (backend, source_kind, source_name, ticket) WHERE is_queued;
                CREATE INDEX antidote_environments_queue
                    ON antidote_environments (backend, ticket) WHERE is_queued;
                CREATE INDEX antidote_environments_scheduler
                    ON antidote_environments (backend, due_scheduler, ticket) WHERE due_scheduler IS NOT NULL;
                CREATE INDEX antidote_environments_collector
                    ON antidote_environments (backend, due_collector, ticket) WHERE due_collector IS NOT NULL;
                CREATE INDEX antidote_environments_shared
                    ON antidote_environments (owner, source_kind, source_name) WHERE is_shared;
                CREATE INDEX antidote_environments_address
                    ON antidote_environments (address) WHERE is_shared AND address IS NOT NULL;
                CREATE INDEX antidote_environments_open ON antidote_environments (ticket) WHERE closed_at IS NULL;
                CREATE INDEX antidote_environments_owner ON antidote_environments (owner, ticket);
                CREATE INDEX antidote_environments_phase ON antidote_environments (phase, ticket);
                CREATE INDEX antidote_environments_closed
                    ON antidote_environments (closed_at) WHERE closed_at IS NOT NULL;
                CREATE INDEX antidote_environments_version
                    ON antidote_environments (source_kind, source_version) WHERE closed_at IS NULL;

                CREATE TABLE antidote_events (
                    position INTEGER PRIMARY KEY AUTOINCREMENT,
                    environment TEXT NOT NULL,
                    sequence INTEGER NOT NULL,
                    time INTEGER NOT NULL,
                    owner TEXT NOT NULL,
                    is_published INTEGER NOT NULL,
                    event TEXT NOT NULL,
                    UNIQUE (environment, sequence)
                ) STRICT;
                CREATE INDEX antidote_events_unpublished ON antidote_events (position) WHERE NOT is_published;
                CREATE INDEX antidote_events_time ON antidote_events (time, environment, sequence);
                CREATE INDEX antidote_events_owner ON antidote_events (owner, time, environment, sequence);

                CREATE TABLE antidote_sessions (
                    id TEXT NOT NULL PRIMARY KEY,
                    token BLOB NOT NULL UNIQUE,
                    address TEXT,
                    created_at INTEGER NOT NULL,
                    expires_at INTEGER,
                    session TEXT NOT NULL
                ) STRICT;
                CREATE INDEX antidote_sessions_created ON antidote_sessions (created_at, id);
                CREATE INDEX antidote_sessions_address ON antidote_sessions (address) WHERE address IS NOT NULL;
                CREATE INDEX antidote_sessions_expiry ON antidote_sessions (expires_at) WHERE expires_at IS NOT NULL;

                CREATE TABLE antidote_resource_editions (
                    kind TEXT NOT NULL,
                    version TEXT NOT NULL,
                    imported_at INTEGER NOT NULL,
                    retired_at INTEGER,
                    PRIMARY KEY (kind, version)
                ) STRICT;
                CREATE UNIQUE INDEX antidote_resource_editions_current
                    ON antidote_resource_editions (kind) WHERE retired_at IS NULL;
                CREATE TABLE antidote_resource_documents (
                    kind TEXT NOT NULL,
                    version TEXT NOT NULL,
                    name TEXT NOT NULL,
                    body BLOB NOT NULL,
                    PRIMARY KEY (kind, version, name),
                    FOREIGN KEY (kind, version) REFERENCES antidote_resource_editions ON DELETE CASCADE
                ) STRICT;
                CREATE TABLE antidote_resource_files (
                    kind TEXT NOT NULL,
                    version TEXT NOT NULL,
                    source TEXT NOT NULL,
                    path TEXT NOT NULL,
                    mode INTEGER NOT NULL,
                    contents BLOB NOT NULL,
                    PRIMARY KEY (kind, version, source, path),
                    FOREIGN KEY (kind, version) REFERENCES antidote_resource_editions ON DELETE CASCADE
                ) STRICT;

                PRAGMA application_id = \(application);
                PRAGMA user_version = \(version);
                """
        )
    }

    /// What a file says of itself.
    enum Kind: Equatable {
        /// Nothing is in it.
        case empty
        /// It was made by a program with these tables.
        case ours
        /// By a release of ours with others.
        case otherVersion(Int32)
        /// By something else.
        case foreign
    }

    static func kind(of db: Database) throws -> Kind {
        let application = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let version = try Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        if application == Self.application { return version == Self.version ? .ours : .otherVersion(version) }
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        return application == 0 && version == 0 && tables == 0 ? .empty : .foreign
    }
}
#endif
