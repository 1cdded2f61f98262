import AntidoteCore
import Synchronization

/// Sees to it that images are at the engine. Callers who want the same one share its pull.
final class ImageStore: Sendable {
    /// Bytes so far, and in all where they are known.
    typealias Report = @Sendable (Int64, Int64?) -> Void

    private struct Flight {
        var task: Task<Void, Never>
        var watchers: [Int: AsyncThrowingStream<PullProgress, any Error>.Continuation] = [:]
    }

    private struct State {
        var flights: [String: Flight] = [:]
        var nextWatcher = 0
    }

    private let client: EngineClient
    private let configuration: DockerConfiguration
    private let state = Mutex(State())

    init(client: EngineClient, configuration: DockerConfiguration) {
        self.client = client
        self.configuration = configuration
    }

    /// Returns when `image` is at the engine.
    func ensure(_ image: ImageReference, report: @escaping Report) async throws {
        // Before it becomes a part of a request's path.
        guard ImageName.isLegal(image.reference) else { throw AntidoteError.imageIllegal(image.reference) }
        switch image.pullPolicy {
        case .always:
            try await pull(image.reference, report: report)
        case .ifMissing:
            if try await client.image(image.reference) == nil { try await pull(image.reference, report: report) }
        case .never:
            if try await client.image(image.reference) == nil { throw AntidoteError.imageAbsent(image.reference) }
        }
    }

    private func pull(_ reference: String, report: Report) async throws {
        for try await progress in join(reference) { report(progress.done, progress.total) }
        // A cancelled stream just ends.
        try Task.checkCancellation()
    }

    /// The progress of the one pull of `reference` that is under way, or of a new one.
    private func join(_ reference: String) -> AsyncThrowingStream<PullProgress, any Error> {
        let (stream, watcher) = AsyncThrowingStream.makeStream(
            of: PullProgress.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let number = state.withLock { state in
            state.nextWatcher += 1
            let number = state.nextWatcher
            if state.flights[reference] == nil {
                // Unstructured, because it belongs to all who wait for it: it ends when the last of them goes.
                state.flights[reference] = Flight(task: Task { await self.fly(reference) })
            }
            state.flights[reference]?.watchers[number] = watcher
            return number
        }
        watcher.onTermination = { [weak self] _ in self?.leave(reference, number) }
        return stream
    }

    private func leave(_ reference: String, _ number: Int) {
        let abandoned = state.withLock { state -> Task<Void, Never>? in
            guard state.flights[reference]?.watchers.removeValue(forKey: number) != nil,
                let flight = state.flights[reference], flight.watchers.isEmpty
            else { return nil }
            state.flights[reference] = nil
            return flight.task
        }
        abandoned?.cancel()
    }

    private func fly(_ reference: String) async {
        var failure: (any Error)?
        do {
            let puller = ImagePuller(client: client, configuration: configuration)
            try await puller.pull(reference) { progress in
                let watchers = self.state.withLock { $0.flights[reference]?.watchers.values.map(\.self) ?? [] }
                for watcher in watchers { watcher.yield(progress) }
            }
        } catch {
            failure = error
        }
        if Task.isCancelled { return }
        let watchers = state.withLock { $0.flights.removeValue(forKey: reference)?.watchers.values.map(\.self) ?? [] }
        for watcher in watchers { watcher.finish(throwing: failure) }
    }
}
