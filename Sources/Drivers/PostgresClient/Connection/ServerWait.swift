package import ConcurrencyKit

/// Waits for the server, and cancels what it does when the caller has gone or the time is over.
package struct ServerWait {
    /// Why the server was told to stop.
    package enum Interruption {
        case cancelled
        case late
    }

    private let configuration: PostgresConfiguration
    private let wakePipe: WakePipe
    private let control: CallControl?
    private var end: ContinuousClock.Instant
    private(set) var interruption: Interruption?

    package init(configuration: PostgresConfiguration, wakePipe: WakePipe, control: CallControl?) {
        self.configuration = configuration
        self.wakePipe = wakePipe
        self.control = control
        end = .now.advanced(by: configuration.statementDeadline)
    }

    /// Returns when the connection's descriptor is ready; `false` if the server does not even answer to being told to
    /// stop.
    package mutating func wait(for raw: OpaquePointer, events: Int32) -> Bool {
        while true {
            if interruption == nil, control?.isCancelled == true { interrupt(.cancelled, raw) }
            switch wakePipe.wait(for: Cancellation.descriptor(of: raw), events: events, until: end) {
            case .ready:
                return true
            case .woken:
                continue
            case .timedOut:
                if interruption != nil { return false }
                interrupt(.late, raw)
            }
        }
    }

    private mutating func interrupt(_ reason: Interruption, _ raw: OpaquePointer) {
        interruption = reason
        end = .now.advanced(by: configuration.cancelGrace)
        Cancellation.send(to: raw)
    }
}
