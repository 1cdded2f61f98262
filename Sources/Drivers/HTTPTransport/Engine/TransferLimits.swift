/// When a transfer is over because of time. A value: instants in, a verdict out.
///
/// The engine keeps these itself: libcurl's own timeouts cannot tell a slow reader from a silent server.
struct TransferLimits {
    enum Verdict: Equatable {
        case goOn(until: ContinuousClock.Instant?)
        case timedOut
        case stalled
    }

    let deadline: ContinuousClock.Instant?
    let idle: Duration?

    /// - Parameter lastActivity: When the server's turn began: the last byte, or the end of a pause of ours.
    ///   `nil` while it is not the server's turn.
    func verdict(now: ContinuousClock.Instant, lastActivity: ContinuousClock.Instant?) -> Verdict {
        if let deadline, now >= deadline { return .timedOut }
        // Not the server's turn: look again after a whole idle time.
        let silent = idle.map { (lastActivity ?? now).advanced(by: $0) }
        if lastActivity != nil, let silent, now >= silent { return .stalled }
        return .goOn(until: [deadline, silent].compactMap(\.self).min())
    }
}
