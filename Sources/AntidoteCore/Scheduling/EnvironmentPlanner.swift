/// Turns an environment into what a backend builds and what is then run in it. One for each kind of source.
public protocol EnvironmentPlanner: Sendable {
    /// What `environment` needs at its desired revision, as the topology `id`.
    ///
    /// A pure function of the environment's source, version and revision: it is asked again after every crash, and
    /// must answer the same; it is cancelled after `planDeadline`, and must end then. Throws `notFound` or `curriculumInvalid` when there is no such source or revision.
    func plan(for environment: Environment, as id: TopologyID) async throws -> EnvironmentPlan
}

/// What an environment needs at one revision.
public struct EnvironmentPlan: Sendable, Hashable {
    /// What the backend is to build.
    public var topology: Topology
    /// Run side by side once the topology is up. Each must be atomic and rely on no earlier revision. Their ids are
    /// completed by the scheduler, so that each runs once for each machine and generation.
    public var jobs: [Job]
    /// How long to wait after the jobs before the environment is ready.
    public var readyDelay: Duration

    /// Takes its parts as they are.
    public init(topology: Topology, jobs: [Job] = [], readyDelay: Duration = .zero) {
        self.topology = topology
        self.jobs = jobs
        self.readyDelay = readyDelay
    }

    /// Whether the environment is ready as soon as its topology is up.
    var configuresNothing: Bool { jobs.isEmpty && readyDelay <= .zero }
}

/// A planner made of a function: for embedders with one kind of environment.
public struct FunctionPlanner: EnvironmentPlanner {
    private let function: @Sendable (Environment, TopologyID) async throws -> EnvironmentPlan

    /// Plans by `function`, which is bound by ``plan(for:as:)``'s rules.
    public init(_ function: @escaping @Sendable (Environment, TopologyID) async throws -> EnvironmentPlan) {
        self.function = function
    }

    public func plan(for environment: Environment, as id: TopologyID) async throws -> EnvironmentPlan {
        try await function(environment, id)
    }
}
