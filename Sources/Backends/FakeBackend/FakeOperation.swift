/// What a fake provider can be slow at, or fail at.
public enum FakeOperation: String, Sendable, Hashable, CaseIterable {
    case pull
    case create
    case start
    /// From running to reachable.
    case probe
    case job
    case destroy
    case inventory
}
