import ArgumentParser
import Foundation
import UnixSignals

/// SIGINT, SIGTERM and SIGHUP: the first cancels the command, the second exits the program.
enum Interruption {
    /// Runs `operation`. The first signal calls `onFirst` and cancels it; the second calls `onSecond` and exits the
    /// program immediately.
    static func guarding<Value: Sendable>(
        onFirst: @escaping @Sendable (UnixSignal) -> Void,
        onSecond: @escaping @Sendable () -> Void,
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
        // A task outside of the group, so that a signal can cancel it while the group listens for the next one.
        let work = Task { try await operation() }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var isFirst = true
                for await signal in signals {
                    if !isFirst {
                        onSecond()
                        exit(ExitStatus.of(signal).rawValue)
                    }
                    isFirst = false
                    onFirst(signal)
                    work.cancel()
                }
            }
            defer { group.cancelAll() }
            return try await work.value
        }
    }
}
