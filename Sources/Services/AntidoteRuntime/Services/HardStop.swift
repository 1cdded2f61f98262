import AntidoteCore
import Dispatch
import Foundation
import ServiceLifecycle

/// Ends the program hard when it was told to stop and hangs, or is told again: what it held comes free when its leases
/// run out, which a program that never ends would keep from nobody, but whoever waits for its end would wait for ever.
struct HardStop: Service {
    /// After the first word.
    let limit: Duration
    let telemetry: Telemetry

    /// Of a program that did not come to its end by itself (`EX_SOFTWARE` of sysexits.h).
    static let status: Int32 = 70

    func run() async throws {
        try await gracefulShutdown()
        let end: @Sendable (String) -> Void = { [telemetry] why in
            telemetry.warning("ended hard: \(why)", ["advice": "Nothing is lost: others go on with what it had."])
            // No handlers of `exit`: what hangs may be in the midst of what they would take down.
            _exit(HardStop.status)
        }
        // No task: what hangs may have all threads of Swift's pool.
        for signal in [SIGINT, SIGTERM] {
            let source = DispatchSource.makeSignalSource(signal: signal, queue: .global())
            // A source that its own handler holds on to lives as long as the program.
            source.setEventHandler { withExtendedLifetime(source) { end("it was told to stop twice") } }
            source.resume()
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + limit.inSeconds) { [limit] in
            end("it had not stopped after \(limit)")
        }
    }
}
