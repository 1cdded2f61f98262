import AntidoteTesting

@_spi(StoreKit) @testable import AntidoteCore

/// An in-memory store under a clock that stands still, and requests for it.
struct StoreWorld {
    let clock = ManualClock()
    let store: InMemoryStateStore
    let fake = BackendID(unchecked: "fake")

    init(_ limits: AdmissionLimits = AdmissionLimits()) {
        store = InMemoryStateStore(time: clock.timeSource, random: .seeded(1), limits: limits)
    }

    func request(
        _ owner: String,
        _ source: String = "x",
        backend: String = "fake",
        idle: Duration? = nil
    ) -> AdmissionRequest {
        AdmissionRequest(
            owner: OwnerID(unchecked: owner),
            source: EnvironmentSource(kind: "test", name: source),
            backend: BackendID(unchecked: backend),
            idleLimit: idle
        )
    }

    @discardableResult
    func admit(
        _ owner: String,
        _ source: String = "x",
        backend: String = "fake",
        idle: Duration? = nil
    ) async throws -> Environment {
        try await store.admit(request(owner, source, backend: backend, idle: idle)).environment
    }

    func claim(
        _ role: WorkerRole = .scheduler,
        worker: String = "w",
        backends: [String] = ["fake"],
        limit: Int = 10
    ) async throws -> [Claim] {
        try await store.claim(
            ClaimRequest(
                worker: WorkerID(unchecked: worker),
                role: role,
                backends: backends.map { BackendID(unchecked: $0) },
                limit: limit,
                leaseDuration: .seconds(15)
            )
        )
    }

    func commit(
        _ claim: Claim,
        _ changes: [EnvironmentChange] = [],
        releases: Bool = false
    ) async throws
        -> Environment?
    {
        let commit = Commit(
            environment: claim.environment.id,
            fence: claim.lease.fence,
            changes: changes,
            releases: releases
        )
        guard case .committed(let row, _, _) = try await store.commit([commit])[0] else { return nil }
        return row
    }

    func built(_ row: Environment, incarnation: Int = 1, identity: String = "m1") -> ProvisionedTopology {
        ProvisionedTopology(
            id: TopologyID(
                instance: InstanceID(unchecked: "test"),
                store: store.id,
                environment: row.id,
                incarnation: incarnation
            ),
            endpoints: [ProvisionedEndpoint(name: "web", identity: identity, ports: [])]
        )
    }

    func retry(
        _ code: AntidoteError.Code = .backendUnavailable,
        after pause: Duration = .zero,
        generation: Int = 1
    ) -> EnvironmentChange {
        .retry(after: pause, generation: generation, because: AntidoteError(code, "x"))
    }

    /// What brings a claimed row to READY.
    func ready(_ row: Environment) -> [EnvironmentChange] {
        [
            .begin(incarnation: 1), .built(built(row), generation: row.generation, repaired: []),
            .configured(generation: row.generation),
        ]
    }
}
