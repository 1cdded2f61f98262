/// Turns an environment into what a backend builds and what then runs in it. An ``EmbeddedInstance`` has a
/// planner for each kind of source.
public protocol EnvironmentPlanner: Sendable {
    /// What the environment needs at its desired revision.
    ///
    /// A pure function of the environment's source, version and revision: it is called again after every crash, and must
    /// return the same; it is cancelled after `planDeadline`, and must end then. Throws `notFound` or a permanent error of
    /// its own when there is no such source or revision.
    func plan(_ request: PlanRequest) async throws -> EnvironmentPlan
}

/// What a planner is asked for.
public struct PlanRequest: Sendable {
    /// The row as it is now.
    public var environment: Environment
    /// The identity of the topology to plan.
    public var id: TopologyID

    /// Asks for the topology `id` of `environment`.
    package init(environment: Environment, id: TopologyID) {
        self.environment = environment
        self.id = id
    }
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

    public init(topology: Topology, jobs: [Job] = [], readyDelay: Duration = .zero) {
        self.topology = topology
        self.jobs = jobs
        self.readyDelay = readyDelay
    }

    /// Whether the environment is ready as soon as its topology is up.
    var configuresNothing: Bool { jobs.isEmpty && readyDelay <= .zero }
}

/// A planner made of a function: for embedders whose plans need no type of their own.
public struct FunctionPlanner: EnvironmentPlanner {
    private let function: @Sendable (PlanRequest) async throws -> EnvironmentPlan

    /// Plans by `function`, which is bound by the rules of ``plan(_:)``.
    public init(_ function: @escaping @Sendable (PlanRequest) async throws -> EnvironmentPlan) {
        self.function = function
    }

    public func plan(_ request: PlanRequest) async throws -> EnvironmentPlan { try await function(request) }
}

/// The planners of an instance by kind of source.
package struct PlannerRegistry: Sendable, ExpressibleByDictionaryLiteral {
    private let byKind: [String: any EnvironmentPlanner]

    /// The planners by kind of source.
    package init(_ byKind: [String: any EnvironmentPlanner] = [:]) { self.byKind = byKind }

    package init(dictionaryLiteral elements: (String, any EnvironmentPlanner)...) {
        self.init(Dictionary(elements) { _, last in last })
    }

    /// The kinds that have a planner, in alphabetical order.
    package var kinds: [String] { byKind.keys.sorted() }

    /// Plans by the planner of the environment's kind. Throws `unsupported` for a kind that has none.
    package func plan(_ request: PlanRequest) async throws -> EnvironmentPlan {
        let kind = request.environment.source.kind
        guard let planner = byKind[kind] else {
            let registered =
                byKind.isEmpty ? "none is registered" : "registered: \(kinds.map { "“\($0)”" }.joined(separator: ", "))"
            throw AntidoteError(
                .unsupported,
                "there is no planner for sources of the kind “\(kind)” (\(registered))",
                recovery: "Ask for a source of a registered kind, or register a planner for this one."
            )
        }
        return try await planner.plan(request)
    }
}
