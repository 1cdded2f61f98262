#if SQLite
@_spi(StoreKit) public import AntidoteCore
import Dispatch
import GRDB

/// A store in a file of SQLite, which outlives the program; or in memory, with the same code.
///
/// Several processes may have one file open at once: every operation is one transaction that takes the file's write lock
/// first, and every answer is on the disk before it is given. They must run on one machine, for its clock and because
/// SQLite's locks do not hold across a network.
public struct SQLiteStateStore: StateStore {
    public let id: StoreID
    let database: any DatabaseWriter
    let limits: AdmissionLimits
    let time: TimeSource
    let random: RandomSource

    /// Seconds that a transaction waits for those of other processes.
    static let patience: Double = 5

    /// Opens the file at `path`, and makes it, for its user alone, if there is none.
    ///
    /// Throws `foreignResource` for a file of another application or instance, `configurationInvalid` for one of another
    /// version, and `storeUnavailable` for one that cannot be opened.
    public static func open(
        _ path: String,
        instance: InstanceID,
        limits: AdmissionLimits = AdmissionLimits(),
        time: TimeSource = .system,
        random: RandomSource = .system
    ) async throws -> SQLiteStateStore {
        let identity = StoreIdentity(instance: instance, newID: random.storeID())
        let database = try await onItsOwnThread {
            try SQLiteFailure.naming(path) { try SQLiteFile(path: path).open(configuration, making: identity) }
        }
        return try await SQLiteStateStore(database, limits, time, random)
    }

    /// A new store in memory, which ends with the program.
    public static func inMemory(
        instance: InstanceID,
        limits: AdmissionLimits = AdmissionLimits(),
        time: TimeSource = .system,
        random: RandomSource = .system
    ) async throws -> SQLiteStateStore {
        let queue = try DatabaseQueue(configuration: configuration)
        let identity = StoreIdentity(instance: instance, newID: random.storeID())
        try await queue.write { try identity.establish(in: $0, of: "in memory") }
        return try await SQLiteStateStore(queue, limits, time, random)
    }

    private init(
        _ database: any DatabaseWriter,
        _ limits: AdmissionLimits,
        _ time: TimeSource,
        _ random: RandomSource
    ) async throws {
        self.database = database
        self.limits = limits
        self.time = time
        self.random = random
        id = try await database.read(StoreIdentity.storeID)
    }

    /// Closes the file. Calls after that fail.
    public func close() async throws {
        let database = database
        try await Self.onItsOwnThread { try database.close() }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "antidote"
        configuration.busyMode = .timeout(patience)
        configuration.maximumReaderCount = 4
        return configuration
    }

    /// Opening and closing wait for locks, which no thread of the cooperative pool may.
    private static func onItsOwnThread<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result(catching: body)) }
        }
    }

    /// One transaction, which has the file for itself.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteTransaction) throws -> Value
    ) async throws -> Value {
        try await SQLiteFailure.naming {
            try await database.write { [limits, time, random] db in
                try body(SQLiteTransaction(db: db, now: time.now(), limits: limits, random: random))
            }
        }
    }

    /// One look at the file as it was last written.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteTransaction) throws -> Value
    ) async throws -> Value {
        try await SQLiteFailure.naming {
            try await database.read { [limits, time, random] db in
                try body(SQLiteTransaction(db: db, now: time.now(), limits: limits, random: random))
            }
        }
    }
}
#endif
