import Dispatch

/// How many subscriptions libnats may still call back for.
final class LiveCallbacks: Sendable {
    private let group = DispatchGroup()

    func begin() { group.enter() }
    func end() { group.leave() }

    /// Blocks. Whether none is left.
    func areOver(within limit: Duration) -> Bool { group.wait(timeout: .now() + limit.dispatched) == .success }
}

extension Duration {
    var dispatched: DispatchTimeInterval {
        let (seconds, attoseconds) = components
        return .nanoseconds(Int(clamping: max(0, seconds) * 1_000_000_000 + attoseconds / 1_000_000_000))
    }
}
