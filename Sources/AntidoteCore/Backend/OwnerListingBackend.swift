/// A backend that can also list what others made at its provider: for programs that look for what dead ones left.
public protocol OwnerListingBackend: AntidoteBackend {
    /// Everything at the provider that carries an owner, of whatever instance and store.
    func inventoryOfAllInstances() async throws -> [InventoryEntry]
}
