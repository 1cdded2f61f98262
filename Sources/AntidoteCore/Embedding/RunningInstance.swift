import ConcurrencyKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// An ``EmbeddedInstance`` whose services run.
public struct RunningInstance: Sendable {
    let instance: EmbeddedInstance

    /// Without services: they run elsewhere.
    package init(instance: EmbeddedInstance) { self.instance = instance }

    /// Where its environments are written down: for reading what there is.
    public var store: any StateStore { dependencies.store.store }

    private var dependencies: WorkerDependencies { instance.dependencies }

    private var requests: InstanceRequests {
        InstanceRequests(store: dependencies.store, publisher: dependencies.publisher)
    }

    /// Asks for an environment, lends it as soon as it is ready, and removes it afterwards.
    public func withEnvironment<Value: Sendable>(
        of source: EnvironmentSource,
        revision: Int = 0,
        owner: OwnerID = OwnerID(unchecked: "embedder"),
        _ body: @Sendable (Environment) async throws -> Value
    ) async throws -> Value {
        let id = try await start(source, revision: revision, owner: owner)
        let outcome: Result<Value, any Error>
        do {
            outcome = .success(try await body(try await ready(id)))
        } catch {
            outcome = .failure(error)
        }
        let removal: Result<Void, any Error>
        do {
            removal = .success(try await remove(id))
        } catch {
            removal = .failure(error)
        }
        let value = try outcome.get()
        try removal.get()
        return value
    }

    /// Asks for an environment. It is not ready yet: see ``ready(_:)``.
    public func start(
        _ source: EnvironmentSource,
        revision: Int = 0,
        owner: OwnerID = OwnerID(unchecked: "embedder")
    ) async throws -> EnvironmentID {
        try Task.checkCancellation()
        let request = AdmissionRequest(
            owner: owner,
            source: source,
            revision: revision,
            backend: instance.backend.name,
            traceContext: TraceCarrier.current
        )
        // Who is cancelled meanwhile must learn the id, to remove what was admitted.
        return try await requests.admit(request).environment.id
    }

    /// Returns when the environment is ready at the revision that was asked for last. Throws why it failed.
    public func ready(_ id: EnvironmentID) async throws -> Environment {
        try await wait(for: id) { row in
            guard let row, row.wanted == .present, row.phase != .closed else {
                throw AntidoteError(.notFound, "the environment \(id) was removed before it was ready")
            }
            if let failure = row.failure { throw failure.error }
            // One that is built anew after it was ready has nothing to show meanwhile.
            let isUp = row.phase == .ready && row.provisioned != nil
            return isUp && row.observed.observedGeneration == row.generation ? row : nil
        }
    }

    /// Returns when a ready environment fails, with the reason, or when it is gone.
    public func failure(of id: EnvironmentID) async throws -> AntidoteError? {
        try await wait(for: id) { row -> AntidoteError?? in
            guard let row, row.wanted == .present, row.phase != .closed else { return .some(nil) }
            return row.failure.map { .some($0.error) }
        }
    }

    /// Wants another revision.
    public func change(_ id: EnvironmentID, toRevision revision: Int) async throws {
        _ = try await requests.change(id, toRevision: revision)
    }

    /// Removes an environment, and returns when it is gone.
    public func remove(_ id: EnvironmentID) async throws {
        try await requests.remove(id)
        _ = try await wait(for: id) { $0 == nil || $0?.phase == .closed ? true : nil }
    }

    /// Lends the latest progress of an environment.
    public func withProgress<Value: Sendable>(
        of id: EnvironmentID,
        _ body: @Sendable (AsyncStream<ProgressSnapshot>) async throws -> Value
    ) async throws -> Value {
        let subjects = Subjects(instance: instance.id).progressOfAnyKind
        return try await dependencies.publisher.bus.withSubscription(to: subjects, queue: nil) { messages in
            let (stream, continuation) = AsyncStream.makeStream(
                of: ProgressSnapshot.self,
                bufferingPolicy: .bufferingNewest(1)
            )
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let decoder = JSONDecoder()
                    for await message in messages {
                        // Anybody may write to a bus: what cannot be read is passed over.
                        guard
                            let snapshot = try? decoder.decode(ProgressSnapshot.self, from: Data(message.payload)),
                            snapshot.environment == id
                        else { continue }
                        continuation.yield(snapshot)
                    }
                    continuation.finish()
                }
                defer {
                    continuation.finish()
                    group.cancelAll()
                }
                return try await body(stream)
            }
        }
    }

    func removeAll(within limit: Duration) async throws {
        let start = dependencies.time.uptime()
        let rows = try await dependencies.store.ask { try await $0.environments(matching: EnvironmentFilter()) }
        for row in rows { try await requests.remove(row.id) }
        for row in rows {
            try await dependencies.time.withDeadline(
                max(.milliseconds(1), limit - (dependencies.time.uptime() - start)),
                onTimeout: AntidoteError(
                    .deadlineExceeded,
                    "the environment \(row.id) was not removed within \(Int(limit.inSeconds)) seconds",
                    recovery: "See that the backend answers; what is left carries the label of instance \(instance.id)."
                )
            ) {
                try await remove(row.id)
            }
        }
    }

    /// Re-reads the row whenever the bus hints at a change, and at every sweep: the bus may be wrong or silent.
    private func wait<Value: Sendable>(
        for id: EnvironmentID,
        until condition: @escaping @Sendable (Environment?) throws -> Value?
    ) async throws -> Value {
        let hint = WakeSignal()
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            for vocabulary in dependencies.publisher.vocabularies.all {
                group.addTask {
                    let subjects = Subjects(instance: instance.id).all(of: vocabulary)
                    do {
                        try await dependencies.publisher.bus.withSubscription(to: subjects, queue: nil) { messages in
                            hint.signal()
                            for await _ in messages { hint.signal() }
                        }
                    } catch {
                        dependencies.telemetry.debug("the bus cannot be listened to", ["error": "\(error)"])
                    }
                    return nil
                }
            }
            group.addTask {
                while true {
                    try Task.checkCancellation()
                    if let value = try condition(try await dependencies.store.ask { try await $0.environment(id) }) {
                        return value
                    }
                    await hint.wait(atMost: dependencies.policy.sweepInterval, on: dependencies.time)
                }
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() {
                if let value = finished { return value }
            }
            throw CancellationError()
        }
    }
}
