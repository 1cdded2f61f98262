import AntidoteCore
import AntidoteTesting

extension BackendMutant {
    /// Wrong about what it says of what exists.
    public static let listing: [BackendMutant] = [
        BackendMutant("does not record what a lab was made from", ["inventory/running"]) {
            $0.inventory = { base in
                try await base.inventory().map { entry in
                    var entry = entry
                    entry.digest = nil
                    return entry
                }
            }
        },
        BackendMutant("lists what is not there", ["inventory/none"]) {
            $0.inventory = { base in
                let ghost = TopologyID(
                    instance: InstanceID(unchecked: "ghost"),
                    store: StoreID(unchecked: "aaaaaaaaaaaaaaaa"),
                    environment: EnvironmentID(unchecked: "aaaaaaaaaaaaaaaa"),
                    incarnation: 1
                )
                return try await base.inventory() + [InventoryEntry(id: ghost, state: .running, age: .zero)]
            }
        },
        BackendMutant("lists one incarnation of each", ["inventory/several"]) {
            $0.inventory = { base in
                var seen: Set<EnvironmentID> = []
                return try await base.inventory().filter { seen.insert($0.id.environment).inserted }
            }
        },
        BackendMutant("says that all runs", ["inventory/dead-lab", "inventory/missing-machine"]) {
            $0.inventory = { base in
                try await base.inventory().map { entry in
                    var entry = entry
                    entry.state = .running
                    entry.deadEndpoints = []
                    return entry
                }
            }
        },
        BackendMutant("takes another store's labs for its own", ["inventory/other-stores"]) {
            $0.inventory = { base in
                try await base.inventory().map { entry in
                    var entry = entry
                    entry.id.store = StoreID(unchecked: "aaaaaaaaaaaaaaaa")
                    return entry
                }
            }
        },
        BackendMutant("lists what other instances made", ["inventory/other-instances"]) {
            $0.inventory = { try await ($0 as? any OwnerListingBackend)?.inventoryOfAllInstances() ?? [] }
        },
        BackendMutant("removes what another store made", ["foreign/store"]) { subject in
            Mutation {
                $0.destroy = { base, id, authority in
                    try await base.destroy(id, under: authority)
                    for entry in try await base.inventory() where entry.id.store != id.store {
                        try await subject.backend(of: entry).destroy(entry.id, under: authority)
                    }
                }
            }
        },
        BackendMutant("removes what another instance made", ["foreign/instance"]) { subject in
            Mutation {
                $0.destroy = { base, id, authority in
                    try await base.destroy(id, under: authority)
                    let all = try await (base as? any OwnerListingBackend)?.inventoryOfAllInstances() ?? []
                    for entry in all where entry.id.environment == id.environment {
                        try await subject.backend(of: entry).destroy(entry.id, under: authority)
                    }
                }
            }
        },
        BackendMutant(
            "builds what cannot be built, or says so",
            [
                "refusals/nothing-in-it", "refusals/names", "refusals/twice", "refusals/ports", "refusals/directory",
                "refusals/circle",
            ]
        ) {
            $0.converge = { base, topology, authority, progress in
                do {
                    return try await base.converge(topology, under: authority, progress: progress)
                } catch let error as AntidoteError where error.code == .invalidTopology {
                    return ProvisionedTopology(id: topology.id, endpoints: [])
                }
            }
        },
        BackendMutant("takes another instance's topology for its own", ["refusals/other-instance"]) {
            $0.converge = { base, topology, authority, progress in
                do {
                    return try await base.converge(topology, under: authority, progress: progress)
                } catch let error as AntidoteError where error.code == .foreignResource {
                    return ProvisionedTopology(id: topology.id, endpoints: [])
                }
            }
        },
        BackendMutant(
            "allows what is privileged",
            ["limits/trusted-refused"],
            configured: { $0.allowPrivileged = true }
        ),
        BackendMutant("does not tell that machines start", ["progress/order"]) {
            $0.progress = { if case .endpoint(_, .starting) = $0 { nil } else { $0 } }
        },
        BackendMutant("tells nothing of a lab that is there already", ["progress/adopted"]) {
            $0.converge = { base, topology, authority, progress in
                let known = try await base.inventory().contains { $0.id == topology.id }
                return try await base.converge(topology, under: authority, progress: known ? .none : progress)
            }
        },
        BackendMutant("loses names and last output of what failed", ["create/ends-at-once", "jobs/hanging"]) {
            $0.error = { error in
                guard var error = error as? AntidoteError else { return error }
                error.subject = nil
                error.logTail = nil
                return error
            }
        },
    ]
}

extension ConformanceSubject {
    /// A right backend for whoever made this.
    func backend(of entry: InventoryEntry) async throws -> any AntidoteBackend {
        try await backend(for: ConformanceInstallation(instance: entry.id.instance, store: entry.id.store))
    }
}
