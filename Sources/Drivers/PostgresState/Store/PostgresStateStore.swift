@_spi(StoreKit) public import AntidoteCore
import ConcurrencyKit
@_exported public import PostgresClient

/// The state of an installation in a PostgreSQL database, shared by all of its services.
///
/// A write takes two round trips: the rows are locked and read, the core's own functions change them, and what came of it
/// is written and committed. Under load, several callers share one transaction, those who read as well.
public final class PostgresStateStore: StateStore {
    public let id: StoreID
    let pool: PostgresPool
    let limits: AdmissionLimits
    let random: RandomSource
    let marks: PublishedMarks
    let rowBatcher: RequestBatcher<Decision, Void>
    let admissionBatcher: RequestBatcher<Decision, Void>
    let environmentBatcher: RequestBatcher<EnvironmentID, Dated<Environment?>>
    let sessionBatcher: RequestBatcher<TokenDigest, Dated<[LiveSession]>>

    /// Opens the store of a database that was initialized, by this or another process.
    ///
    /// - Parameters:
    ///   - configuration: Where the database is, and the limits of the pool of connections.
    ///   - limits: The same for all services of an installation.
    ///   - time: Where deadlines of this process come from. What is due, the server's clock decides.
    ///   - random: Where ids come from.
    /// - Throws: `AntidoteError` `configurationInvalid` if the database is not one that this release can use, with what to
    ///   do; `storeUnavailable` if it does not answer.
    public static func open(
        _ configuration: PostgresConfiguration,
        limits: AdmissionLimits = AdmissionLimits(),
        time: TimeSource,
        random: RandomSource
    ) async throws -> PostgresStateStore {
        do {
            let pool = try PostgresPool(configuration: configuration, time: time)
            do {
                let installation = try await PostgresDatabase.check(pool)
                return PostgresStateStore(installation.store, pool, limits: limits, time: time, random: random)
            } catch {
                await pool.close()
                throw error
            }
        } catch let error as PostgresError {
            throw error.antidoteError
        }
    }

    private init(_ id: StoreID, _ pool: PostgresPool, limits: AdmissionLimits, time: TimeSource, random: RandomSource) {
        self.id = id
        self.pool = pool
        self.limits = limits
        self.random = random
        let marks = PublishedMarks(pool: pool, time: time)
        self.marks = marks
        let empty: @Sendable (Timestamp) -> LoadedSet = { LoadedSet(now: $0, limits: limits, random: random) }
        rowBatcher = RequestBatcher(largest: 128, atOnce: 2, mayBeOfOne: Self.mayBeOfOne) { decisions in
            try await Decision.changeRows(decisions, in: pool, with: marks, empty)
        }
        admissionBatcher = RequestBatcher(
            largest: AdmissionLoading.largest,
            atOnce: 2,
            mayBeOfOne: Self.mayBeOfOne
        ) { decisions in
            try await AdmissionLoading.perform(decisions, limits: limits, in: pool, empty)
        }
        // Lookups that hang shall not keep all others waiting.
        let readers = max(2, pool.configuration.poolSize / 2)
        environmentBatcher = RequestBatcher(largest: 128, atOnce: readers, mayBeOfOne: Self.mayBeOfOne) { ids in
            let known = try await Self.environments(ids, in: pool, of: id)
            return ids.map { .success(Dated(known.value[$0], at: known.at)) }
        }
        sessionBatcher = RequestBatcher(largest: 128, atOnce: readers, mayBeOfOne: Self.mayBeOfOne) { digests in
            try await Self.sessions(withTokens: digests, in: pool).map { .success($0) }
        }
    }

    /// Whether the failure of a batch may be the fault of one request, so that the others succeed without it.
    private static func mayBeOfOne(_ error: any Error) -> Bool {
        // What the core refuses one request for is its answer, and not thrown.
        if error is AntidoteError { return false }
        guard let error = error as? PostgresError else { return true }
        return [.valueRefused, .duplicate, .other, .unexpectedAnswer, .conflict].contains(error.code)
    }

    /// Waits for what is under way, and ends all connections. Every later call fails with `storeUnavailable`.
    public func close() async {
        await marks.flush()
        await pool.close()
    }

    /// Runs statements that change nothing, or that may be done twice.
    func reading<Value: Sendable>(
        isPatient: Bool = true,
        _ body: @Sendable (PostgresTransaction) throws -> Value
    ) async throws -> Value {
        try await named { try await pool.transaction(isRepeatable: true, isPatient: isPatient, body) }
    }

    func writing<Value: Sendable>(_ body: @Sendable (PostgresTransaction) throws -> Value) async throws -> Value {
        try await named { try await pool.transaction(body) }
    }

    /// The core's errors, whatever went wrong.
    func named<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as PostgresError {
            throw error.antidoteError
        }
    }

    /// Throws unless the database is still the one that was opened: somebody may have initialized it anew.
    static func check(_ rows: PostgresRows, is id: StoreID) throws {
        guard try rows.first?.text(2) == id.rawValue else {
            throw AntidoteError(
                .storeUnavailable,
                "the database was initialized anew since this program opened it",
                recovery: "Start this program again.",
                disposition: .permanent
            )
        }
    }
}
