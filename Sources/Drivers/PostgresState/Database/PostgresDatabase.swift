@_spi(StoreKit) public import AntidoteCore
public import PostgresClient

/// A database that is to hold, or holds, the state of one installation.
public struct PostgresDatabase: Sendable {
    private let configuration: PostgresConfiguration
    private let time: TimeSource
    private let random: RandomSource

    /// Connects to nothing yet.
    public init(configuration: PostgresConfiguration, time: TimeSource, random: RandomSource) {
        self.configuration = configuration
        self.time = time
        self.random = random
    }

    /// What a database says of itself.
    public struct Installation: Sendable, Hashable {
        /// Of its tables.
        public var schemaVersion: Int64
        /// The release that made them.
        public var release: String
        /// The identity of the store, drawn when they were made.
        public var store: StoreID
        /// When they were made.
        public var createdAt: Timestamp
    }

    /// Drops everything of ours in the database and makes it anew, empty, in one transaction: all of it, or nothing.
    ///
    /// - Parameters:
    ///   - sources: The editions that are current from the beginning.
    ///   - isReplacing: Whether it may drop anything: also what is left of a store, or that of another release.
    /// - Returns: The new store's identity.
    /// - Throws: `AntidoteError` `storeUnavailable`, also while somebody else does the same; `configurationInvalid` for
    ///   what may not be dropped.
    @discardableResult
    public func initialize(sources: [SourceEdition] = [], isReplacing: Bool = true) async throws -> StoreID {
        let store = random.storeID()
        let texts = Schema.drops + Schema.creations
        let statements = texts.enumerated().map { PostgresQuery("initialize \($0)", $1)() }
        try await withPool { pool in
            try await pool.transaction { transaction in
                let isFree = try transaction.run(Self.tryLock(.integer(Schema.Lock.initialization)))
                guard try isFree.first?.bool(0) == true else { throw Self.busy }
                if !isReplacing {
                    // Under the lock: whoever was faster has finished, and what it made is seen.
                    let missing = try transaction.run(Self.missingTables(.texts(Schema.tables)))
                    guard missing.count == Schema.tables.count else { throw Self.occupied(pool.configuration.place) }
                }
                _ = try transaction.run(statements)
                _ = try transaction.run([
                    Self.insertMeta(
                        .integer(Schema.version),
                        .text(AntidoteRelease.version),
                        .text(store.rawValue)
                    )
                ])
                for edition in sources { try SourceTables.replace(with: edition, in: transaction) }
                try transaction.finish()
            }
        }
        return store
    }

    /// What the database holds.
    /// - Throws: `AntidoteError` `configurationInvalid` if it is not one that this release can use, with what to do.
    public func check() async throws -> Installation {
        try await withPool { try await Self.check($0) }
    }

    static func check(_ pool: PostgresPool) async throws -> Installation {
        let place = pool.configuration.place
        let missing = try await pool.transaction(isRepeatable: true) { transaction in
            try transaction.finish(Self.missingTables(.texts(Schema.tables))).map { try $0.text(0) }
        }
        guard missing.count < Schema.tables.count else { throw Self.notInitialized(place) }
        guard missing.isEmpty else { throw Self.halfInitialized(place, missing) }
        let found = try await pool.transaction(isRepeatable: true) { transaction in
            try transaction.finish(Self.selectMeta()).first.map {
                Installation(
                    schemaVersion: try $0.integer(0),
                    release: try $0.text(1),
                    store: StoreID(unchecked: try $0.text(2)),
                    createdAt: try $0.timestamp(3)
                )
            }
        }
        guard let found, StoreID.isValid(found.store.rawValue) else { throw Self.halfInitialized(place, []) }
        guard found.schemaVersion == Schema.version else { throw Self.otherVersion(place, found) }
        return found
    }

    private func withPool<Value>(_ body: (PostgresPool) async throws -> Value) async throws -> Value {
        do {
            var configuration = configuration
            configuration.poolSize = 1
            let pool = try PostgresPool(configuration: configuration, time: time)
            do {
                let value = try await body(pool)
                await pool.close()
                return value
            } catch {
                await pool.close()
                throw error
            }
        } catch let error as PostgresError {
            throw error.antidoteError
        }
    }
}

extension PostgresDatabase {
    private static let tryLock = PostgresQuery("try lock", "select pg_try_advisory_xact_lock($1)")

    private static let insertMeta = PostgresQuery(
        "insert meta",
        "insert into antidote_meta (schema_version, release, store_id) values ($1, $2, $3)"
    )

    private static let missingTables = PostgresQuery(
        "missing tables",
        "select name from unnest($1::text[]) name where to_regclass(name) is null order by name"
    )

    static let selectMeta = PostgresQuery(
        "select meta",
        "select schema_version, release, store_id, created_at from antidote_meta"
    )

    private static var busy: AntidoteError {
        AntidoteError(
            .storeUnavailable,
            "this database is being initialized by somebody else",
            recovery: "Wait until that is done; then decide whether you still want to."
        )
    }

    private static func occupied(_ place: String) -> AntidoteError {
        AntidoteError(
            .configurationInvalid,
            "the database holds a store of Antidote already, or what is left of one",
            recovery:
                "Check that it is the right one: antidote doctor. To drop it, with everything in it: antidote db init "
                + "--yes.",
            subject: place
        )
    }

    private static func notInitialized(_ place: String) -> AntidoteError {
        AntidoteError(
            .configurationInvalid,
            "the database holds nothing of Antidote",
            recovery: "Check that it is the right one; then run: antidote db init.",
            subject: place
        )
    }

    private static func halfInitialized(_ place: String, _ missing: [String]) -> AntidoteError {
        let what = missing.isEmpty ? "the row of antidote_meta" : missing.joined(separator: ", ")
        return AntidoteError(
            .configurationInvalid,
            "parts of the database are missing: \(what)",
            recovery: "Restore it from a backup, or begin anew: antidote db init.",
            subject: place
        )
    }

    private static func otherVersion(_ place: String, _ found: Installation) -> AntidoteError {
        let isNewer = found.schemaVersion > Schema.version
        return AntidoteError(
            .configurationInvalid,
            "the database has schema version \(found.schemaVersion) (of release \(found.release)), "
                + "and this release needs \(Schema.version)",
            recovery: isNewer
                ? "Run release \(found.release) or newer."
                : "Begin anew with this release, which takes all labs away: antidote db init.",
            subject: place
        )
    }
}
