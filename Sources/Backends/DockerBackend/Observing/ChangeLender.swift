import AntidoteCore

/// Lends what happens to the labs of an instance as a stream.
struct ChangeLender: Sendable {
    let engine: DockerEngine

    func lend<Result: Sendable>(
        _ body: @Sendable (AsyncThrowingStream<TopologyChange, any Error>) async throws -> Result
    ) async throws -> Result {
        let labels = [Label.instance: engine.configuration.instance.rawValue]
        let (changes, sender) = AsyncThrowingStream.makeStream(of: TopologyChange.self)
        // The body runs here, beside the task that reads: it is not escaping, and need not be.
        return try await withThrowingTaskGroup(of: Void.self) { group in
            let opened = AsyncStream.makeStream(of: Void.self)
            group.addTask {
                do {
                    try await engine.client.withContainerEvents(ChangeReader.actions, labels: labels) { events in
                        opened.continuation.finish()
                        var reader = ChangeReader()
                        for try await event in events {
                            if let change = reader.change(for: event) { sender.yield(change) }
                        }
                    }
                } catch let failure as EngineFailure {
                    sender.finish(throwing: failure.error)
                } catch {
                    sender.finish(throwing: error)
                }
                opened.continuation.finish()
            }
            defer { group.cancelAll() }
            // What happens after the body began to run is not missed.
            for await _ in opened.stream {}
            return try await body(changes)
        }
    }
}
