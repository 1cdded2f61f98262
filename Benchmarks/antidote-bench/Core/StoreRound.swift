@_spi(StoreKit) import AntidoteCore

/// The floor of ``CoreRound``: one task that makes the same transactions of the same store in a row, with no scheduler,
/// backend or bus about them.
struct StoreRound {
    let count: Int

    private static let backend = BackendID(unchecked: "fake")
    private static let instance = InstanceID(unchecked: "bench")

    func run() async throws -> (secondsToReady: Double, secondsToGone: Double, cpuToReady: Double, cpuToGone: Double) {
        let store = InMemoryStateStore(time: .system, random: .system)
        let (ids, secondsToReady, usageToReady) = try await metered {
            var ids: [EnvironmentID] = []
            for number in 0..<count {
                let request = AdmissionRequest(
                    owner: OwnerID(unchecked: "owner-\(number)"),
                    source: EnvironmentSource(kind: "bench", name: "one-machine"),
                    backend: Self.backend
                )
                let admission = try await store.admit(request)
                try await store.markPublished(admission.events)
                ids.append(admission.environment.id)
            }
            try await drive(.scheduler, in: store) { claim in
                let row = claim.environment
                let id = row.topologyID(instance: Self.instance, store: store.id)
                return [
                    [.begin(incarnation: row.incarnation + 1)],
                    [.built(Self.provisioned(id), generation: row.generation, repaired: [])],
                    [.configured(generation: row.generation)],
                ]
            }
            return ids
        }
        let (_, secondsToGone, usageToGone) = try await metered {
            for id in ids { try await store.remove(id) }
            try await drive(.collector, in: store) { claim in
                [[.abandon], [.destroyed(through: claim.environment.incarnation), .close]]
            }
        }
        return (secondsToReady, secondsToGone, usageToReady.cpu, usageToGone.cpu)
    }

    /// Claims all that is due, and records the commits of each, the last of which ends the lease.
    private func drive(
        _ role: WorkerRole,
        in store: InMemoryStateStore,
        _ commits: (Claim) -> [[EnvironmentChange]]
    ) async throws {
        let request = ClaimRequest(
            worker: WorkerID(unchecked: "bench"),
            role: role,
            backends: [Self.backend],
            limit: SchedulingPolicy().concurrency,
            leaseDuration: .seconds(15)
        )
        while true {
            let claims = try await store.claim(request)
            if claims.isEmpty { return }
            for claim in claims {
                let changes = commits(claim)
                for (index, change) in changes.enumerated() {
                    let outcome = try await store.commit([
                        Commit(
                            environment: claim.environment.id,
                            fence: claim.lease.fence,
                            changes: change,
                            releases: index == changes.count - 1
                        )
                    ])
                    guard case .committed(_, let events, at: _) = outcome.first else {
                        throw AntidoteError(.internalFault, "a commit under a good lease was refused")
                    }
                    if !events.isEmpty { try await store.markPublished(events) }
                }
            }
        }
    }

    private static func provisioned(_ id: TopologyID) -> ProvisionedTopology {
        let port = ProvisionedPort(
            number: 22,
            transport: .tcp,
            inLab: HostAddress(host: "machine", port: 22),
            forOwner: HostAddress(host: "192.0.2.1", port: 22)
        )
        let machine = ProvisionedEndpoint(name: "machine", identity: "\(id)-machine-1", ports: [port])
        return ProvisionedTopology(id: id, endpoints: [machine])
    }
}
