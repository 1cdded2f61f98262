public import AntidoteCore
import Synchronization

/// The world behind fake backends: what exists, whoever made it. Several backends may share one, as workers share an
/// engine; it outlives them, as an engine outlives a crashed worker.
///
/// A final class over a `Mutex` and not an actor: a shared world must not stop because one of its users does.
public final class FakeProvider: Sendable {
    private let time: TimeSource
    private let state = Mutex(State())

    private struct State {
        var topologies: [TopologyID: FakeTopology] = [:] {
            didSet { changes += 1 }
        }
        /// Which incarnations of an environment there are.
        var incarnations: [TopologyID: Set<Int>] = [:]
        var calls: [String: Int] = [:]
        var machines: [String: Int] = [:]
        var watchers: [Int: AsyncThrowingStream<TopologyChange, any Error>.Continuation] = [:]
        var nextWatcher = 0
        var changes = 0

        mutating func forget(_ id: TopologyID) {
            topologies[id] = nil
            incarnations[id.line]?.remove(id.incarnation)
            if incarnations[id.line]?.isEmpty == true { incarnations[id.line] = nil }
        }
    }

    /// A provider with nothing in it, to which `time` is the time.
    public init(time: TimeSource) { self.time = time }

    /// Everything that exists now.
    public var topologies: [TopologyID: FakeTopology] { state.withLock { $0.topologies } }

    /// Goes up whenever ``topologies`` may have changed.
    package var changes: Int { state.withLock { $0.changes } }

    /// An endpoint dies, and every observer is told.
    public func kill(_ endpoint: String, in id: TopologyID, reason: String = "killed") {
        let didDie = state.withLock { state in
            guard state.topologies[id]?.endpoints[endpoint]?.isRunning == true else { return false }
            state.topologies[id]?.endpoints[endpoint]?.isRunning = false
            return true
        }
        if didDie { tell(TopologyChange(topology: id, endpoint: endpoint, kind: .died, detail: reason)) }
    }

    /// An endpoint disappears, and every observer is told.
    public func remove(_ endpoint: String, in id: TopologyID) {
        let didGo = state.withLock { $0.topologies[id]?.endpoints.removeValue(forKey: endpoint) != nil }
        if didGo { tell(TopologyChange(topology: id, endpoint: endpoint, kind: .missing, detail: "removed")) }
    }

    /// A topology disappears, and nobody is told.
    public func vanish(_ id: TopologyID) { state.withLock { $0.forget(id) } }

    /// The provider restarts: every endpoint is dead afterwards, and every observer loses its stream.
    public func restart() {
        let watchers = state.withLock { state in
            for id in state.topologies.keys {
                for name in state.topologies[id]?.endpoints.keys.sorted() ?? [] {
                    state.topologies[id]?.endpoints[name]?.isRunning = false
                }
            }
            defer { state.watchers = [:] }
            return state.watchers.sorted { $0.key < $1.key }.map(\.value)
        }
        for watcher in watchers {
            watcher.finish(throwing: AntidoteError(.backendUnavailable, "the fake provider restarts"))
        }
    }

    /// What exists, as a backend reports it: of one instance, or of all.
    func inventory(of instance: InstanceID?) -> [InventoryEntry] {
        let now = time.uptime()
        return state.withLock { state in
            state.topologies.values.filter { $0.id.instance == instance ?? $0.id.instance }.map { $0.entry(at: now) }
                .sorted { $0.id < $1.id }
        }
    }

    /// How often this was asked, this time included.
    func call(_ question: String) -> Int {
        state.withLock { state in
            state.calls[question, default: 0] += 1
            return state.calls[question, default: 0]
        }
    }

    /// Makes a topology, or adopts it.
    func make(_ id: TopologyID, capacity: Int?, _ change: (inout FakeTopology) -> Void) throws {
        try state.withLock { state in
            if state.topologies[id] == nil, let capacity, state.topologies.count >= capacity {
                throw AntidoteError(.capacityExhausted, "the fake provider holds \(capacity) topologies already")
            }
            var topology = state.topologies[id] ?? FakeTopology(id: id, madeAt: time.uptime())
            change(&topology)
            state.topologies[id] = topology
            state.incarnations[id.line, default: []].insert(id.incarnation)
        }
    }

    /// Changes one topology that exists: what was destroyed meanwhile does not come back.
    func update<Result>(_ id: TopologyID, _ change: (inout FakeTopology) throws -> Result) throws -> Result {
        try state.withLock { state in
            guard var topology = state.topologies[id] else {
                throw AntidoteError(.endpointFailed, "the topology is gone", place: id.description)
            }
            let result = try change(&topology)
            state.topologies[id] = topology
            return result
        }
    }

    /// Numbered for each endpoint of its own, so that the order of concurrent calls changes nothing.
    func newIdentity(of endpoint: String, in id: TopologyID) -> String {
        let name = "\(id)-\(endpoint)"
        return state.withLock { state in
            state.machines[name, default: 0] += 1
            return "\(name)-\(state.machines[name, default: 0])"
        }
    }

    func topology(_ id: TopologyID) -> FakeTopology? { state.withLock { $0.topologies[id] } }

    /// Removes `id` and what came before it.
    func remove(through id: TopologyID) {
        state.withLock { state in
            for incarnation in (state.incarnations[id.line] ?? []).sorted() where incarnation <= id.incarnation {
                var other = id
                other.incarnation = incarnation
                state.forget(other)
            }
        }
    }

    func watch() -> (id: Int, changes: AsyncThrowingStream<TopologyChange, any Error>) {
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: TopologyChange.self)
        let id = state.withLock { state in
            state.nextWatcher += 1
            state.watchers[state.nextWatcher] = continuation
            return state.nextWatcher
        }
        return (id, stream)
    }

    func unwatch(_ id: Int) { state.withLock { $0.watchers[id] = nil } }

    private func tell(_ change: TopologyChange) {
        let watchers = state.withLock { $0.watchers.sorted { $0.key < $1.key }.map(\.value) }
        for watcher in watchers { watcher.yield(change) }
    }
}

extension TopologyID {
    /// The same for all incarnations of an environment.
    fileprivate var line: TopologyID {
        var line = self
        line.incarnation = 0
        return line
    }
}
