public import AntidoteCore

/// What ``StateStoreConformance`` needs to try a store: a fresh one for each case, more than one connection to it, and
/// a hand on its clock.
public protocol StateStoreSubject: Sendable {
    /// As the verdict calls it.
    var name: String { get }
    /// How long one case may take, in real time.
    var patience: Duration { get }
    /// Real time, to be patient by. Nothing in a store is measured by it.
    var time: TimeSource { get }

    /// A store of its own for one case: nothing is in it, and it admits within `limits`.
    func makeStore(limits: AdmissionLimits) async throws -> any StoreUnderTest
}

extension StateStoreSubject {
    public var patience: Duration { .seconds(120) }
    public var time: TimeSource { .system }
}

/// A store that is tried by one case.
public protocol StoreUnderTest: Sendable {
    /// A connection as another process would open it: it shares nothing with those before but what is stored. A store
    /// that lives within one process is its own and only connection.
    func connect() async throws -> any StateStore

    /// Moves the store's clock on by `duration`, for every connection, and returns when it has. The cases pass minutes,
    /// hours and days: a store whose clock is the database's needs an offset that a test can set. What real time adds
    /// to it does not matter.
    func pass(_ duration: Duration) async throws

    /// The case is over: closes all connections, and takes the store away.
    func close() async throws
}
