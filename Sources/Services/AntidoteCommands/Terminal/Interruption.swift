import ArgumentParser
import Foundation
import UnixSignals

/// Ctrl-C, the end of the terminal, or a polite kill. The first asks to stop, the second insists.
enum Interruption {
    /// Runs `operation`; the first signal cancels it, and `onFirst` is told; the second ends the program at once.
    static func guarding<Value: Sendable>(
        onFirst: @escaping @Sendable (UnixSignal) -> Void,
        onSecond: @escaping @Sendable () -> Void,
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
        // A task of its own: it is cancelled by a signal, while we still listen for the next one.
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
