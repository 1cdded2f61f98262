public import AntidoteCore

/// A backend whose progress, errors and inventory are recorded on their way out.
///
/// What a job printed is not: a job may print the secrets of others, which nobody told it to keep.
public struct RecordedBackend: AntidoteBackend {
    private let base: any AntidoteBackend

    public init(_ base: any AntidoteBackend) { self.base = base }

    public var name: BackendID { base.name }
    public var capabilities: BackendCapabilities { base.capabilities }

    public func problems(with topology: Topology) -> [TopologyProblem] {
        let problems = base.problems(with: topology)
        for problem in problems { Record.write(.errors, "\(problem)") }
        return problems
    }

    public func converge(
        _ topology: Topology,
        under authority: Authority,
        progress: ProgressReporter
    ) async throws -> ProvisionedTopology {
        try await recorded { try await base.converge(topology, under: authority, progress: heard(progress)) }
    }

    public func run(
        _ job: Job,
        in topology: TopologyID,
        under authority: Authority,
        progress: ProgressReporter
    ) async throws -> JobResult {
        try await recorded { try await base.run(job, in: topology, under: authority, progress: heard(progress)) }
    }

    public func destroy(_ id: TopologyID, under authority: Authority) async throws {
        try await recorded { try await base.destroy(id, under: authority) }
    }

    public func inventory() async throws -> [InventoryEntry] {
        try await recorded {
            let entries = try await base.inventory()
            for entry in entries { Record.write(.events, "\(entry)") }
            return entries
        }
    }

    private func heard(_ progress: ProgressReporter) -> ProgressReporter {
        ProgressReporter { report in
            Record.write(.progress, "\(report)")
            progress.report(report)
        }
    }

    private func recorded<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch {
            Record.write(error)
            throw error
        }
    }
}

extension RecordedBackend: OwnerListingBackend {
    /// Those of this instance alone where the backend cannot list others.
    public func inventoryOfAllInstances() async throws -> [InventoryEntry] {
        guard let base = base as? any OwnerListingBackend else { return try await inventory() }
        return try await recorded { try await base.inventoryOfAllInstances() }
    }
}
