/// What a fake provider can be slow at, or fail at.
public enum FakeOperation: String, Sendable, Hashable, CaseIterable {
    /// To pull an image.
    case pull
    /// To make a machine.
    case create
    /// To start it.
    case start
    /// From running to reachable.
    case probe
    /// To run a job.
    case job
    /// To remove a topology.
    case destroy
    /// To list what there is.
    case inventory
}
