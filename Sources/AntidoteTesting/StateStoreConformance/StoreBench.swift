@_spi(StoreKit) import AntidoteCore
import Synchronization

/// What one case works with: a store of its own, seen through two connections, and the means to bring rows where the
/// case wants them.
struct StoreBench: Sendable {
    let under: any StoreUnderTest
    let store: any StateStore
    /// Another connection.
    let other: any StateStore
    let limits: AdmissionLimits
    let time: TimeSource
    let random: RandomSource
    let makeModel: StateStoreConformance.ModelMaker

    static let backend = "fake"
    /// Long enough for a slow machine: no lease ends unless a case passes time.
    static let lease: Duration = .seconds(600)
    /// How much real time may be in a time that a store tells.
    static let slack: Duration = .seconds(120)

    var both: [any StateStore] { [store, other] }

    func pass(_ duration: Duration) async throws { try await under.pass(duration) }

    // MARK: Asking

    func request(
        _ owner: String,
        _ source: String = "x",
        backend: String = StoreBench.backend,
        idle: Duration? = nil,
        requiresSession: Bool = false
    ) -> AdmissionRequest {
        AdmissionRequest(
            owner: OwnerID(unchecked: owner),
            requiresSession: requiresSession,
            source: EnvironmentSource(kind: "test", name: source, version: "1"),
            backend: BackendID(unchecked: backend),
            idleLimit: idle
        )
    }

    @discardableResult
    func admit(
        _ owner: String,
        _ source: String = "x",
        backend: String = StoreBench.backend,
        idle: Duration? = nil
    ) async throws -> Environment {
        try await store.admit(request(owner, source, backend: backend, idle: idle)).environment
    }

    func session(_ token: UInt8 = 1, lifetime: Duration? = nil, address: String? = nil) async throws -> LiveSession {
        try await store.openSession(SessionRequest(tokenDigest: digest(token), lifetime: lifetime, address: address))
    }

    func digest(_ byte: UInt8) -> TokenDigest { TokenDigest(bytes: Array(repeating: byte, count: 32)) }

    func row(_ id: EnvironmentID) async throws -> Environment {
        try require(try await store.environment(id), "the row \(id) is not there")
    }

    // MARK: Working

    func claim(
        _ role: WorkerRole = .scheduler,
        worker: String = "w",
        backends: [String] = [StoreBench.backend],
        limit: Int = 100,
        lease: Duration = StoreBench.lease,
        with connection: (any StateStore)? = nil,
        recording decide: @escaping @Sendable (Environment, Timestamp) -> [EnvironmentChange] = { _, _ in [] }
    ) async throws -> [Claim] {
        let request = ClaimRequest(
            worker: WorkerID(unchecked: worker),
            role: role,
            backends: backends.map { BackendID(unchecked: $0) },
            limit: limit,
            leaseDuration: lease
        )
        return try await (connection ?? store).claim(request, recording: decide)
    }

    /// The claim of `id`, among others that are due.
    func claim(_ id: EnvironmentID, _ role: WorkerRole = .scheduler, worker: String = "w") async throws -> Claim {
        let claims = try await claim(role, worker: worker, backends: [try await row(id).backend.rawValue])
        return try require(claims.first { $0.environment.id == id }, "\(id) was not given to a \(role)")
    }

    func outcome(
        _ claim: Claim,
        _ changes: [EnvironmentChange] = [],
        releases: Bool = false,
        with connection: (any StateStore)? = nil
    ) async throws -> CommitOutcome {
        let commit = Commit(
            environment: claim.environment.id,
            fence: claim.lease.fence,
            changes: changes,
            releases: releases
        )
        let outcomes = try await (connection ?? store).commit([commit])
        try require(outcomes.count, is: 1, "answers to one commit")
        return outcomes[0]
    }

    @discardableResult
    func commit(
        _ claim: Claim,
        _ changes: [EnvironmentChange] = [],
        releases: Bool = false
    ) async throws -> Environment {
        guard case .committed(let row, _, _) = try await outcome(claim, changes, releases: releases) else {
            throw ConformanceFailure(description: "the lease of \(claim.environment.id) is said to be lost")
        }
        return row
    }

    func built(_ row: Environment, incarnation: Int = 1, identity: String = "m1") -> ProvisionedTopology {
        let instance = InstanceID(unchecked: "suite")
        return ProvisionedTopology(
            id: TopologyID(instance: instance, store: store.id, environment: row.id, incarnation: incarnation),
            endpoints: [ProvisionedEndpoint(name: "web", identity: identity, ports: [])]
        )
    }

    /// What brings a row that was claimed first to READY.
    func ready(_ row: Environment) -> [EnvironmentChange] {
        [
            .begin(incarnation: 1), .built(built(row), generation: row.generation, repaired: []),
            .configured(generation: row.generation),
        ]
    }

    func failing(_ code: AntidoteError.Code = .jobFailed, keptFor: Duration = .seconds(3600)) -> EnvironmentChange {
        .fail(AntidoteError(code, "it broke"), generation: 1, keptFor: keptFor)
    }

    // MARK: Rows that have come some way

    @discardableResult
    func readyRow(_ owner: String, _ source: String = "x", idle: Duration? = nil) async throws -> Environment {
        let row = try await admit(owner, source, idle: idle)
        return try await commit(try await claim(row.id), ready(row), releases: true)
    }

    @discardableResult
    func failedRow(_ owner: String, _ source: String = "x") async throws -> Environment {
        let row = try await admit(owner, source)
        return try await commit(try await claim(row.id), [failing()], releases: true)
    }

    /// Asked for, left while it waited, and gone.
    @discardableResult
    func closedRow(_ owner: String, _ source: String = "x") async throws -> Environment {
        let row = try await admit(owner, source)
        try await store.remove(row.id)
        return try await commit(try await claim(row.id, .collector), [.close], releases: true)
    }

    /// How many of `count` calls, from both connections at once, did not throw one of `codes`.
    func storm(
        _ count: Int,
        tolerating codes: Set<AntidoteError.Code>,
        _ call: @escaping @Sendable (any StateStore, Int) async throws -> Void
    ) async throws -> Int {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<count {
                let connection = both[index % 2]
                group.addTask {
                    do {
                        try await call(connection, index)
                        return true
                    } catch let error as AntidoteError where codes.contains(error.code) {
                        return false
                    }
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
    }
}

/// That a time, or a duration, is what it should be but for the real time that went by.
func require(_ duration: Duration?, near wanted: Duration, _ what: String) throws {
    let found = try require(duration, "\(what): wanted about \(wanted), found none")
    let difference = found - wanted
    try require(
        difference < StoreBench.slack && difference > .zero - StoreBench.slack,
        "\(what): wanted about \(wanted), found \(found)"
    )
}

/// A value that the tasks of a case share.
final class Mutexed<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) { state = Mutex(value) }

    var value: Value { state.withLock { $0 } }

    func change(_ body: (inout Value) -> Void) { state.withLock { body(&$0) } }
}
