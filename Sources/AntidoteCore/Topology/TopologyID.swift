/// What identifies a topology at a provider. Every name and label made there carries all four parts.
public struct TopologyID: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// Who made it.
    public var instance: InstanceID
    /// The store that its environment is written down in.
    public var store: StoreID
    /// The environment that it is built for.
    public var environment: EnvironmentID
    /// Which build of the environment: it only grows, and is never used twice.
    public var incarnation: Int

    public init(instance: InstanceID, store: StoreID, environment: EnvironmentID, incarnation: Int) {
        self.instance = instance
        self.store = store
        self.environment = environment
        self.incarnation = incarnation
    }

    /// `<instance>-<environment>-<incarnation>`: fit for provider names, which collide on purpose.
    public var description: String { "\(instance)-\(environment)-\(incarnation)" }

    public static func < (left: TopologyID, right: TopologyID) -> Bool {
        (left.instance, left.store, left.environment, left.incarnation)
            < (right.instance, right.store, right.environment, right.incarnation)
    }
}
