/// Builds topologies at a provider, runs jobs in them and takes them away.
///
/// A backend does infrastructure only. It keeps no state of its own that matters: after a crash another copy of it
/// finds everything by label. It never touches the state store; the core takes what it returns and throws.
/// `BACKENDS.md` is the contract, function by function.
///
/// Every function may be cancelled at any point and called again afterwards. Errors are ``AntidoteError``s whose
/// disposition says whether trying again can help.
public protocol AntidoteBackend: Sendable {
    /// What environments are placed by: unique among the backends of an instance.
    var name: BackendID { get }
    var capabilities: BackendCapabilities { get }

    /// What this backend cannot do of `topology`, said before anything is made. Empty: it can do all.
    func problems(with topology: Topology) -> [TopologyProblem]

    /// Makes the provider match `topology`: adds what is missing, replaces what is dead or changed, removes what is
    /// no longer there. Returns when every probe has passed.
    ///
    /// Safe to repeat, after a crash at any point and when something broke since. Two callers of one incarnation
    /// collide by name, and adopt.
    func converge(
        _ topology: Topology,
        under authority: Authority,
        progress: ProgressReporter
    ) async throws -> ProvisionedTopology

    /// Runs `job` in the topology's network, and returns its result whatever its exit status was.
    ///
    /// A known job id adopts the running job or returns its stored result: never two. A repeating job reports each
    /// exit through `progress` and ends when cancelled. Cancelling a job that runs once stops and removes it.
    func run(
        _ job: Job,
        in topology: TopologyID,
        under authority: Authority,
        progress: ProgressReporter
    ) async throws -> JobResult

    /// Removes this incarnation and older ones of its environment, never a later one; returns when they are gone.
    /// What is absent already is a success.
    func destroy(_ id: TopologyID, under authority: Authority) async throws

    /// Everything of this instance at the provider, by label, of whatever store.
    func inventory() async throws -> [InventoryEntry]
}

extension AntidoteBackend {
    /// Throws what ``problems(with:)`` and the rules that hold for all backends find.
    public func check(_ topology: Topology) throws {
        if let error = AntidoteError(problems: topology.structuralProblems() + problems(with: topology)) {
            throw error
        }
    }
}
