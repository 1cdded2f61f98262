import AntidoteCore
import ServiceLifecycle

/// Deletes rows, sessions and events that ended longer ago than `eventRetention`, in batches.
struct RetentionService: Service {
    let instance: HostedInstance

    private static let batch = 1000

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    // Each call deletes up to one batch of every kind, so fewer in total means that none is left.
                    while try await forget() >= RetentionService.batch {}
                } catch {
                    if Task.isCancelled { return }
                    instance.telemetry.warning("could not delete expired records", ["error": "\(error)"])
                }
                try? await instance.time.sleep(instance.settings.services.gcInterval)
            }
        }
    }

    private func forget() async throws -> Int {
        try await instance.telemetry.measure("forget") {
            try await instance.store.forget(
                olderThan: instance.settings.services.eventRetention,
                limit: RetentionService.batch
            )
        }
    }
}
