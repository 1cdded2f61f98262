public import AntidoteCore
public import AntidoteLessons
import PostgresState
import SQLiteState

/// Where an installation's state is: the one place that knows more than one store.
public enum StoreSelection: Sendable {
    /// In a PostgreSQL database, shared by all services.
    case postgres(text: Secret, password: Secret?)
    /// In a file, for all services of one machine.
    case file(String)
    /// In memory, until the program ends.
    case memory

    /// What the settings name; `nil` where they name none.
    ///
    /// Throws `configurationInvalid` where they name two.
    public init?(_ settings: ServiceSettings) throws {
        switch (settings.database, settings.stateFile) {
        case (nil, nil): return nil
        case (let text?, nil): self = .postgres(text: text, password: settings.databasePassword)
        case (nil, let path?): self = .file(path)
        case (_?, _?):
            throw AntidoteError(
                .configurationInvalid,
                "databaseUrl and stateFile are both set",
                advice: "Keep one of them: the state is in a database, or in a file."
            )
        }
    }

    /// What it is called in messages. Never a password.
    public var description: String {
        switch self {
        case .postgres: "PostgreSQL"
        case .file(let path): path
        case .memory: "memory"
        }
    }

    /// Throws `configurationInvalid` for what can be told to be wrong before anybody is asked.
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

    /// Makes the tables of a database, with `curriculum` in them. Returns the new store's identity.
    ///
    /// Throws `configurationInvalid` for a database that holds a store already, unless it is to be replaced, and for any
    /// other store: it makes itself.
    public func initialize(
        with curriculum: CurriculumEdition?,
        replacing: Bool,
        time: TimeSource = .system,
        random: RandomSource = .system
    ) async throws -> StoreID {
        try await PostgresDatabase(configuration: try postgresConfiguration, time: time, random: random)
            .initialize(sources: curriculum.map { [try SourceEdition($0)] } ?? [], isReplacing: replacing)
    }

    /// Which release reads, and which made, what is stored: for people.
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
                    advice: "Set databaseUrl, such as postgresql://antidote@localhost/antidote."
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

/// A store that is open, and how it is closed.
struct OpenStore: Sendable {
    var store: any InstanceStore
    var close: @Sendable () async -> Void
}
