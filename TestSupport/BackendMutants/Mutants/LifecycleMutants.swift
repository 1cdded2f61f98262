import AntidoteCore
import AntidoteTesting

extension BackendMutant {
    /// Wrong about what exists: any backend can show these.
    public static let lifecycle: [BackendMutant] = [
        BackendMutant(
            "says that it built, and did not",
            ["create/one-machine", "create/several-machines", "names/same-in-two-labs"]
        ) {
            $0.converge = { _, topology, _, progress in
                for endpoint in topology.endpoints { progress.report(endpoint.name, .reachable) }
                let endpoints = topology.endpoints.map {
                    ProvisionedEndpoint(name: $0.name, identity: "x-\($0.name)", ports: [])
                }
                return ProvisionedTopology(id: topology.id, endpoints: endpoints)
            }
        },
        BackendMutant("names the machines in another order", ["create/result"]) {
            $0.built = { ProvisionedTopology(id: $0.id, endpoints: $0.endpoints.reversed()) }
        },
        BackendMutant(
            "makes every machine anew each time",
            ["again/nothing-changes", "adopt/other-process", "adopt/at-once", "replace/added"]
        ) {
            $0.endpoint = { endpoint in
                var endpoint = endpoint
                endpoint.environment["ROUND"] = .plain(RandomSource.system.base32(length: 8))
                return endpoint
            }
        },
        BackendMutant(
            "takes what a crashed worker left for somebody else's",
            ["again/crash-at-each-step", "cancel/midway", "partial/mendable"]
        ) {
            $0.converge = { base, topology, authority, progress in
                if try await base.inventory().contains(where: { $0.id == topology.id }) {
                    throw AntidoteError(.foreignResource, "there is something already")
                }
                return try await base.converge(topology, under: authority, progress: progress)
            }
        },
        BackendMutant(
            "removes only what runs",
            [
                "again/crash-then-delete", "cancel/then-delete", "partial/removable", "delete/half",
            ]
        ) {
            $0.destroy = { base, id, authority in
                let known = try await base.inventory().first { $0.id == id }
                if known?.state == .running { try await base.destroy(id, under: authority) }
            }
        },
        BackendMutant("lists only what runs", ["again/crash-then-inventory", "inventory/dead-machine"]) {
            $0.inventory = { try await $0.inventory().filter { $0.state == .running } }
        },
        BackendMutant(
            "does not ask its authority",
            ["again/no-authority", "again/no-authority-to-delete", "again/no-authority-for-jobs"]
        ) { $0.authority = { _ in .unlimited } },
        BackendMutant("takes a removal that was begun for done", ["again/crash-in-delete", "cancel/delete"]) { _ in
            let begun = Memory<TopologyID, Bool>()
            return Mutation {
                $0.destroy = { base, id, authority in
                    if begun.change(
                        id,
                        { known in
                            defer { known = true }
                            return known == true
                        }
                    ) {
                        return
                    }
                    try Task.checkCancellation()
                    try await base.destroy(id, under: authority)
                }
            }
        },
        BackendMutant("tells of a cancellation as of a failure", ["cancel/while-waiting"]) {
            $0.error = {
                $0 is CancellationError ? AntidoteError(.backendUnavailable, "it was interrupted") : $0
            }
        },
        BackendMutant("begins although it is cancelled", ["cancel/before"]) {
            $0.converge = { base, topology, authority, progress in
                try await Task { try await base.converge(topology, under: authority, progress: progress) }.value
            }
        },
        BackendMutant("takes everything away when one lab fails", ["partial/others-live"]) {
            $0.converge = { base, topology, authority, progress in
                do {
                    return try await base.converge(topology, under: authority, progress: progress)
                } catch {
                    for entry in try await base.inventory() { try await base.destroy(entry.id, under: authority) }
                    throw error
                }
            }
        },
        BackendMutant("removes nothing", ["delete/gone", "delete/with-job", "delete/while-creating", "many/at-once"]) {
            $0.destroy = { _, _, _ in }
        },
        BackendMutant("calls it an error when nothing is there", ["delete/absent", "delete/twice"]) {
            $0.destroy = { base, id, authority in
                guard try await base.inventory().contains(where: { $0.id == id }) else {
                    throw AntidoteError(.notFound, "there is no such topology")
                }
                try await base.destroy(id, under: authority)
            }
        },
        BackendMutant("lets only one remove at a time", ["delete/at-once"]) { _ in
            let busy = Memory<TopologyID, Bool>()
            return Mutation {
                $0.destroy = { base, id, authority in
                    if busy.change(
                        id,
                        { known in
                            defer { known = true }
                            return known == true
                        }
                    ) {
                        throw AntidoteError(.nameConflict, "somebody is at it")
                    }
                    defer { busy[id] = nil }
                    try await base.destroy(id, under: authority)
                }
            }
        },
        BackendMutant("does not know that incarnations belong together", ["delete/older"]) {
            $0.id = { id in
                var id = id
                let tail = String(id.environment.rawValue.dropLast())
                id.environment = EnvironmentID(unchecked: tail + (id.incarnation == 1 ? "a" : "b"))
                return id
            }
        },
        BackendMutant("removes later incarnations too", ["delete/never-later"]) {
            $0.destroy = { base, id, authority in
                var id = id
                id.incarnation = 1000
                try await base.destroy(id, under: authority)
            }
        },
        BackendMutant("removes every lab of the instance", ["delete/others"]) {
            $0.destroy = { base, _, authority in
                for entry in try await base.inventory() { try await base.destroy(entry.id, under: authority) }
            }
        },
        BackendMutant(
            "believes what it remembers of a lab",
            ["replace/dead", "replace/missing", "many/repair-at-once", "connections/replaced"]
        ) { _ in
            let remembered = Memory<Topology, ProvisionedTopology>()
            return Mutation {
                $0.converge = { base, topology, authority, progress in
                    if let known = remembered[topology] { return known }
                    let built = try await base.converge(topology, under: authority, progress: progress)
                    remembered[topology] = built
                    return built
                }
            }
        },
        BackendMutant(
            "keeps to the first topology that it saw",
            [
                "replace/changed-command", "replace/changed-files", "replace/changed-secret", "replace/dropped",
                "connections/removed",
            ]
        ) { _ in
            let first = Memory<TopologyID, Topology>()
            return Mutation { $0.topology = { first.first($0.id, $0) } }
        },
        BackendMutant("replaces machines for another revision", ["replace/revision"]) {
            $0.topology = { topology in
                var topology = topology
                for index in topology.endpoints.indices {
                    topology.endpoints[index].environment["REVISION"] = .plain("\(topology.revision)")
                }
                return topology
            }
        },
        BackendMutant("has one lab for all", ["jobs/same-id-in-two-labs", "connections/same-subnet"]) {
            $0.id = { id in
                var id = id
                id.environment = EnvironmentID(unchecked: "aaaaaaaaaaaaaaaa")
                return id
            }
        },
        BackendMutant("has one incarnation for all", ["jobs/after-rebuild"]) {
            $0.id = { id in
                var id = id
                id.incarnation = 1
                return id
            }
        },
    ]
}
