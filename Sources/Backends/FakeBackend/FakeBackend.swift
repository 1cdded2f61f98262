public import AntidoteCore
import ConcurrencyKit

/// A backend that builds nothing: for tests, simulations, and a look at a lesson where there is no engine.
///
/// It keeps the whole contract (adopts, replaces what died or changed, runs a job once, tells of deaths) against a
/// ``FakeProvider`` in memory, and fails as its ``FakeScript`` says.
public struct FakeBackend: ObservingBackend, OwnerListingBackend {
    public let name: BackendID
    /// What holds the machines that do not exist.
    public let provider: FakeProvider
    let instance: InstanceID
    let script: FakeScript
    let owner: String?
    let time: TimeSource
    private let features: Set<BackendCapabilities.Feature>

    /// - Parameters:
    ///   - name: What environments are placed by.
    ///   - instance: Whose topologies ``inventory()`` lists.
    ///   - provider: Shared by all backends that stand for one provider; a new one where none is given.
    ///   - script: How it behaves.
    ///   - owner: Written on everything that it makes.
    ///   - features: The abilities that it says it has.
    ///   - time: What is taken for the time, and waited by.
    public init(
        name: BackendID = BackendID(unchecked: "fake"),
        instance: InstanceID,
        provider: FakeProvider? = nil,
        script: FakeScript = .instant,
        owner: String? = nil,
        features: Set<BackendCapabilities.Feature> = Set(BackendCapabilities.Feature.allCases),
        time: TimeSource
    ) {
        self.name = name
        self.instance = instance
        self.provider = provider ?? FakeProvider(time: time)
        self.script = script
        self.owner = owner
        self.features = features
        self.time = time
    }

    public var capabilities: BackendCapabilities {
        BackendCapabilities(features: features, capacity: script.capacity)
    }

    public func problems(with topology: Topology) -> [TopologyProblem] {
        capabilities.missing(for: topology, backend: name)
    }

    public func destroy(_ id: TopologyID, under authority: Authority) async throws {
        try await act(.destroy, id.environment.rawValue, under: authority) { try provider.remove(through: id) }
    }

    public func inventory() async throws -> [InventoryEntry] {
        try await act(.inventory, "", under: .unlimited) { try provider.inventory(of: instance) }
    }

    public func inventoryOfAllInstances() async throws -> [InventoryEntry] {
        try await act(.inventory, "all", under: .unlimited) {
            try provider.inventory(of: nil).filter { $0.owner != nil }
        }
    }

    public func withChanges<Result: Sendable>(
        _ body: @Sendable (AsyncThrowingStream<TopologyChange, any Error>) async throws -> Result
    ) async throws -> Result {
        let (id, changes) = provider.watch()
        defer { provider.unwatch(id) }
        return try await body(changes)
    }

    /// Takes the scripted time, fails as scripted, and has `effect` in between. Yields before and after it, so that
    /// a simulation can put something in between.
    func act<Result>(
        _ operation: FakeOperation,
        _ subject: @autoclosure () -> String,
        under authority: Authority,
        _ effect: () throws -> Result
    ) async throws -> Result {
        let luck = script.isEventful ? script.luck(with: operation, subject(), provider) : FakeLuck()
        if let latency = luck.latency { try await time.sleep(latency) }
        try Task.checkCancellation()
        await Task.schedulingPoint()
        let fault = luck.fault
        switch fault?.moment {
        case .before: if let fault { throw fault.error }
        case .never: while true { try await time.sleep(.seconds(3600)) }
        case .after, nil: break
        }
        try authority.check()
        let result = try effect()
        await Task.schedulingPoint()
        if let fault { throw fault.error }
        return result
    }
}
