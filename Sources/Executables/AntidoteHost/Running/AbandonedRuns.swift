public import AntidoteCore

/// Removes the labs of runs that ended without being able to: killed, or cut off from their engine.
public struct AbandonedRuns: Sendable {
    private let backend: any OwnerListingBackend

    public init(backend: any OwnerListingBackend) { self.backend = backend }

    /// Returns what it removed. Labs of living runs, of other hosts, and of services are not touched.
    public func remove() async throws -> [TopologyID] {
        let abandoned = try await backend.inventoryOfAllInstances().filter { entry in
            entry.owner.flatMap(ProcessIdentity.init(_:))?.hasEnded ?? false
        }
        for entry in abandoned { try await backend.destroy(entry.id, under: .unlimited) }
        return abandoned.map(\.id)
    }
}
