/// A transition that the holder of a lease records.
public enum EnvironmentChange: Sendable {
    /// A new incarnation is about to be built. Recorded before anything is made.
    case begin(incarnation: Int)
    /// The provider matches `generation`.
    case built(ProvisionedTopology, generation: Int, repaired: [String])
    /// The configuration of `generation` is done.
    case configured(generation: Int)
    /// Something failed that may pass: try again after a pause. An error that demands it gives the incarnation up
    /// first. Nothing waits if something newer than `generation` is wanted by then.
    case retry(after: Duration, generation: Int, because: AntidoteError)
    /// It failed for good, unless something newer than `generation` is wanted by then. The row keeps the reason for a
    /// while.
    case fail(AntidoteError, generation: Int, keptFor: Duration)
    /// The present incarnation is given up. Recorded before anything of it is destroyed.
    case giveUp
    /// Nothing of incarnations up to this one is left at the provider.
    case destroyed(through: Int)
    /// It was idle too long.
    case expire
    /// Nothing is left to do: the row is over.
    case close
}
