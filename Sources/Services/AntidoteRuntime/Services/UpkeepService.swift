import AntidoteCore
import ServiceLifecycle

/// Forgets what has been over for long enough, a little at a time.
struct UpkeepService: Service {
    let instance: HostedInstance

    private static let batch = 1000

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    // Of each kind a batch is forgotten at a time: where that was not one whole batch, there may be more.
                    while try await forget() >= UpkeepService.batch {}
                } catch {
                    if Task.isCancelled { return }
                    instance.telemetry.warning("what is over was not forgotten", ["error": "\(error)"])
                }
                try? await instance.time.sleep(instance.settings.services.gcInterval)
            }
        }
    }

    private func forget() async throws -> Int {
        try await instance.telemetry.measure("forget") {
            try await instance.store.forget(
                olderThan: instance.settings.services.eventRetention,
                limit: UpkeepService.batch
            )
        }
    }
}
