public import AntidoteCore
import Tracing

/// Builds topologies at a Docker Engine, over its HTTP API.
///
/// Each lab is a closed network of its own with one container an endpoint, and a gate through which its owner comes
/// in. Everything carries labels, and there is no state beside the engine's own: after a crash another process goes
/// on where this one stopped. Copies of this value share one connection to the engine.
public struct DockerBackend: AntidoteBackend, ObservingBackend {
    public let name: BackendID
    public let capabilities: BackendCapabilities
    private let engine: DockerEngine

    /// Finds the engine, and does not ask it anything yet.
    ///
    /// Throws `configurationInvalid` if the configuration or the process's environment names one that cannot be used.
    public init(configuration: DockerConfiguration) throws {
        engine = try DockerEngine(configuration)
        name = configuration.name
        var features: Set<BackendCapabilities.Feature> = [
            .connections, .dependencies, .egress, .forwarding, .legacyFlavor, .udpExposure,
        ]
        if configuration.allowPrivileged { features.insert(.trustedFlavor) }
        if configuration.publicAddress != nil { features.insert(.publicPorts) }
        if configuration.secrets != nil { features.insert(.secretReferences) }
        capabilities = BackendCapabilities(features: features)
    }

    /// Where the engine is.
    public var address: EngineAddress { engine.client.address }

    /// Asks whether the engine answers and is fit for labs. Throws what is wrong, with what to do about it.
    public func probe() async throws {
        try await translating(id: nil, "probe") {
            try await engine.client.ping()
            _ = try await engine.information()
        }
    }

    public func problems(with topology: Topology) -> [TopologyProblem] {
        capabilities.missing(for: topology, backend: name)
            + DockerProblems(configuration: engine.configuration).find(in: topology)
    }

    public func converge(
        _ topology: Topology,
        under authority: Authority,
        progress: ProgressReporter
    ) async throws -> ProvisionedTopology {
        try await translating(id: topology.id, "converge") {
            try check(topology)
            try engine.checkOwnership(of: topology.id)
            return try await Converger(
                engine: engine,
                topology: topology,
                authority: authority,
                progress: progress
            ).run()
        }
    }

    public func run(
        _ job: Job,
        in topology: TopologyID,
        under authority: Authority,
        progress: ProgressReporter
    ) async throws -> JobResult {
        try await translating(id: topology, "run") {
            if let pause = job.repetition {
                return try await RepeatingJobRunner(
                    engine: engine,
                    job: job,
                    topology: topology,
                    authority: authority,
                    progress: progress
                ).run(every: pause)
            }
            return try await JobRunner(
                engine: engine,
                job: job,
                topology: topology,
                authority: authority,
                progress: progress
            ).run()
        }
    }

    public func destroy(_ id: TopologyID, under authority: Authority) async throws {
        try await translating(id: id, "destroy") {
            try await Destroyer(engine: engine, id: id, authority: authority).run()
        }
    }

    public func inventory() async throws -> [InventoryEntry] {
        try await inventory(labels: [Label.instance: engine.configuration.instance.rawValue])
    }

    /// Everything that carries `labels`.
    func inventory(labels: [String: String]) async throws -> [InventoryEntry] {
        try await translating(id: nil, "inventory") {
            async let containers = engine.client.containers(labels: labels)
            async let networks = engine.client.networks(labels: labels)
            return InventoryReader(now: engine.configuration.time.now())
                .entries(containers: try await containers, networks: try await networks)
        }
    }

    public func withChanges<Result: Sendable>(
        _ body: @Sendable (AsyncThrowingStream<TopologyChange, any Error>) async throws -> Result
    ) async throws -> Result {
        try await translating(id: nil, "changes") {
            try await ChangeLender(engine: engine).lend(body)
        }
    }

    /// Runs one function of the seam in a span, and lets nothing but ``AntidoteError`` and cancellation out.
    private func translating<Value: Sendable>(
        id: TopologyID?,
        _ function: String,
        _ operation: () async throws -> Value
    ) async throws -> Value {
        try await withSpan("antidote.docker.\(function)") { span in
            span.attributes["antidote.instance"] = engine.configuration.instance.rawValue
            if let id { span.attributes["antidote.environment"] = id.environment.rawValue }
            do {
                return try await operation()
            } catch let failure as EngineFailure {
                throw failure.error
            } catch let error as CancellationError {
                throw error
            } catch {
                throw AntidoteError.wrapping(error)
            }
        }
    }
}

extension DockerBackend: OwnerListingBackend {
    public func inventoryOfAllInstances() async throws -> [InventoryEntry] {
        try await inventory(labels: [Label.owner: ""])
    }
}
