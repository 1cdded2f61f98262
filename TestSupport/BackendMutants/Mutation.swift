public import AntidoteCore

/// What is wrong with a mutated backend: closures round a right one. What is not said is as it should be.
public struct Mutation: Sendable {
    public typealias Build =
        @Sendable (
            any AntidoteBackend, Topology, Authority, ProgressReporter
        ) async throws -> ProvisionedTopology
    public typealias Run =
        @Sendable (
            any AntidoteBackend, Job, TopologyID, Authority, ProgressReporter
        ) async throws -> JobResult
    public typealias Destroy = @Sendable (any AntidoteBackend, TopologyID, Authority) async throws -> Void
    public typealias List = @Sendable (any AntidoteBackend) async throws -> [InventoryEntry]

    public var id: @Sendable (TopologyID) -> TopologyID = { $0 }
    public var endpoint: @Sendable (Endpoint) -> Endpoint = { $0 }
    public var topology: @Sendable (Topology) -> Topology = { $0 }
    public var built: @Sendable (ProvisionedTopology) -> ProvisionedTopology = { $0 }
    public var job: @Sendable (Job) -> Job = { $0 }
    public var result: @Sendable (JobResult) -> JobResult = { $0 }
    public var error: @Sendable (any Error) -> any Error = { $0 }
    public var authority: @Sendable (Authority) -> Authority = { $0 }
    /// `nil`: it is not told.
    public var progress: @Sendable (BuildProgress) -> BuildProgress? = { $0 }
    public var problems: @Sendable ([TopologyProblem]) -> [TopologyProblem] = { $0 }
    public var converge: Build = { try await $0.converge($1, under: $2, progress: $3) }
    public var run: Run = { try await $0.run($1, in: $2, under: $3, progress: $4) }
    public var destroy: Destroy = { try await $0.destroy($1, under: $2) }
    public var inventory: List = { try await $0.inventory() }

    public init(_ change: (inout Mutation) -> Void) { change(&self) }
}

/// A right backend with something wrong about it.
struct MutatedBackend: AntidoteBackend {
    let base: any AntidoteBackend
    let mutation: Mutation

    var name: BackendID { base.name }
    var capabilities: BackendCapabilities { base.capabilities }

    func problems(with topology: Topology) -> [TopologyProblem] { mutation.problems(base.problems(with: topology)) }

    func converge(
        _ topology: Topology,
        under authority: Authority,
        progress: ProgressReporter
    ) async throws -> ProvisionedTopology {
        try await failing {
            var changed = topology
            changed.endpoints = changed.endpoints.map(mutation.endpoint)
            changed = mutation.topology(changed)
            changed.id = mutation.id(changed.id)
            var built = try await mutation.converge(base, changed, mutation.authority(authority), told(progress))
            built.id = topology.id
            return mutation.built(built)
        }
    }

    func run(
        _ job: Job,
        in topology: TopologyID,
        under authority: Authority,
        progress: ProgressReporter
    ) async throws -> JobResult {
        try await failing {
            mutation.result(
                try await mutation.run(
                    base,
                    mutation.job(job),
                    mutation.id(topology),
                    mutation.authority(authority),
                    told(progress)
                )
            )
        }
    }

    func destroy(_ id: TopologyID, under authority: Authority) async throws {
        try await failing { try await mutation.destroy(base, mutation.id(id), mutation.authority(authority)) }
    }

    func inventory() async throws -> [InventoryEntry] { try await failing { try await mutation.inventory(base) } }

    private func told(_ progress: ProgressReporter) -> ProgressReporter {
        ProgressReporter { [mutation] report in mutation.progress(report).map(progress.report) }
    }

    private func failing<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch {
            throw mutation.error(error)
        }
    }
}
