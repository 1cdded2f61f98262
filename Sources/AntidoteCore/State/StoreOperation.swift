/// One transaction of a store: which rows it needs, and the rule that decides over them.
///
/// Each rule of the project that needs a transaction is such an operation, written once and shared by all stores. A store
/// loads and locks what ``needs`` names, asks ``decide(_:)``, and writes what the ``WorkingSet`` holds afterwards: all of
/// it, or nothing. It may decide several operations over one working set, one after the other, and write once.
public protocol StoreOperation<Answer>: Sendable {
    /// What the caller gets.
    associatedtype Answer: Sendable

    /// What is loaded and locked before the rule decides.
    var needs: StoreNeeds { get }

    /// Decides. Pure, and may be asked again over a set that was loaded anew. If it throws, it has changed nothing.
    func decide(_ set: inout WorkingSet) throws -> Answer
}

/// What an operation reads. Nobody else may change it before the transaction has ended.
public enum StoreNeeds: Sendable, Hashable {
    /// These environments.
    case environments([EnvironmentID])
    /// What admission depends on: the owner's session, the owner's running environments, and what is counted against the
    /// limits. Nothing else is admitted for this owner meanwhile.
    case admission(AdmissionRequest)
    /// A session and its open environments. Nothing is admitted for it meanwhile.
    case session(OwnerID)
    /// How many live sessions an address has. No other session is opened from it meanwhile.
    case sessions(of: String?)
    /// Environments that are due, those that can be granted capacity, and the capacity that is held.
    case work(ClaimRequest)
}
