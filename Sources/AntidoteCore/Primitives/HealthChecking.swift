/// A part that can say whether it works now: a store, a bus.
public protocol HealthChecking: Sendable {
    /// Returns if it can be used now. Throws what keeps it from that; is cancelled after a while, and must end then.
    func checkHealth() async throws
}
