public import AntidoteCore
public import AntidoteLessons
import PostgresState
import SQLiteState

/// The store of an installation. Only this type knows more than one kind of store.
public enum StoreSelection: Sendable {
    /// In a PostgreSQL database, shared by all services.
    case postgres(text: Secret, password: Secret?)
    /// In a file, for all services of one machine.
    case file(String)
    /// In memory, until the program ends.
    case memory

    /// The store that the settings name; `nil` if they name none.
    ///
    /// Throws `configurationInvalid` if they name two.
    public init?(_ settings: ServiceSettings) throws {
        switch (settings.database, settings.stateFile) {
        case (nil, nil): return nil
        case (let text?, nil): self = .postgres(text: text, password: settings.databasePassword)
        case (nil, let path?): self = .file(path)
        case (_?, _?):
            throw AntidoteError(
                .configurationInvalid,
                "\(Setting.databaseUrl) and \(Setting.stateFile) are both set",
                recovery: "Keep one of them: the state is in a database, or in a file."
            )
        }
    }

    /// The name in messages. Never contains a password.
    public var description: String {
        switch self {
        case .postgres: "PostgreSQL"
        case .file(let path): path
        case .memory: "memory"
        }
    }

    /// Throws `configurationInvalid` for problems that can be found without connecting.
    func validate() throws {
        if case .postgres = self { _ = try postgresConfiguration }
    }

    func open(
        for instance: InstanceID,
        limits: AdmissionLimits,
        time: TimeSource,
        random: RandomSource
    ) async throws -> OpenStore {
        switch self {
        case .memory:
            return OpenStore(store: InMemoryStateStore(time: time, random: random, limits: limits)) {}
        case .file(let path):
            let store = try await SQLiteStateStore.open(
                path,
                instance: instance,
                limits: limits,
                time: time,
                random: random
            )
            return OpenStore(store: store) { try? await store.close() }
        case .postgres:
            let store = try await PostgresStateStore.open(
                try postgresConfiguration,
                limits: limits,
                time: time,
                random: random
            )
            return OpenStore(store: store) { await store.close() }
        }
    }

    /// Creates the tables of a database and imports `curriculum`. Returns the identity of the new store.
    ///
    /// Throws `configurationInvalid` if the database already holds a store and `replacing` is false, and for any other
    /// kind of store, which needs no such step.
    public func initialize(
        with curriculum: CurriculumEdition?,
        replacing: Bool,
        time: TimeSource = .system,
        random: RandomSource = .system
    ) async throws -> StoreID {
        try await PostgresDatabase(configuration: try postgresConfiguration, time: time, random: random)
            .initialize(sources: curriculum.map { [try SourceEdition($0)] } ?? [], isReplacing: replacing)
    }

    /// A sentence about the releases that read and that created the stored data.
    func versions() async throws -> String {
        let own = "this is antidote \(AntidoteRelease.version)"
        guard case .postgres = self else { return own }
        let found = try await PostgresDatabase(
            configuration: try postgresConfiguration,
            time: .system,
            random: .system
        ).check()
        return "\(own); the tables have version \(found.schemaVersion), and antidote \(found.release) made them on "
            + found.createdAt.description.prefix(10)
    }

    private var postgresConfiguration: PostgresConfiguration {
        get throws {
            guard case .postgres(let text, let password) = self else {
                throw AntidoteError(
                    .configurationInvalid,
                    "no database is configured",
                    recovery: "Set \(Setting.databaseUrl), such as postgresql://antidote@localhost/antidote."
                )
            }
            do {
                return try PostgresConfiguration(text.reveal(), password: password)
            } catch {
                throw error.antidoteError
            }
        }
    }
}

/// An open store, and how to close it.
struct OpenStore: Sendable {
    var store: any StateStore
    var close: @Sendable () async -> Void
}
