public import AntidoteCore

extension DockerBackend: OwnerListingBackend {
    public func inventoryOfAllInstances() async throws -> [InventoryEntry] {
        try await inventory(labels: [Label.owner: ""])
    }
}
