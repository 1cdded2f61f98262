import AntidoteCore

/// Removes the labs of runs that ended without being able to: killed, or cut off from their engine.
struct AbandonedRuns: Sendable {
    /// The backend as the run that is over had it: none removes what another store made.
    let backend: @Sendable (InstanceID, StoreID) throws -> any OwnerListingBackend

    /// Returns what it removed. Labs of living runs, of other hosts, and of services are not touched.
    func remove(listedBy lister: any OwnerListingBackend) async throws -> [TopologyID] {
        let abandoned = try await lister.inventoryOfAllInstances().filter { entry in
            entry.owner.flatMap(ProcessIdentity.init(_:))?.hasEnded ?? false
        }
        for entry in abandoned {
            try await backend(entry.id.instance, entry.id.store).destroy(entry.id, under: .unlimited)
        }
        return abandoned.map(\.id)
    }
}
