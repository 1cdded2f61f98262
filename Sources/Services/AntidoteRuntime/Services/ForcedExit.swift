import AntidoteCore
import Dispatch
import Foundation
import ServiceLifecycle

/// Exits the process if graceful shutdown hangs, or if a second signal arrives.
///
/// The leases of the process expire by themselves; this only keeps a supervisor from waiting indefinitely.
struct ForcedExit: Service {
    /// How long graceful shutdown may take.
    let limit: Duration
    let telemetry: Telemetry

    /// The exit status, `EX_SOFTWARE` of sysexits.h.
    static let status: Int32 = 70

    func run() async throws {
        try await gracefulShutdown()
        let end: @Sendable (String) -> Void = { [telemetry] why in
            telemetry.warning("ended hard: \(why)", ["advice": "Nothing is lost: others go on with what it had."])
            // Skips the handlers of `exit`, because the code that hangs may be using what they would tear down.
            _exit(ForcedExit.status)
        }
        // Dispatch instead of a task, because the code that hangs may block every thread of Swift's pool.
        for signal in [SIGINT, SIGTERM] {
            let source = DispatchSource.makeSignalSource(signal: signal, queue: .global())
            // The handler retains its source for the rest of the process.
            source.setEventHandler { withExtendedLifetime(source) { end("it was told to stop twice") } }
            source.resume()
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + limit.inSeconds) { [limit] in
            end("it had not stopped after \(limit)")
        }
    }
}
