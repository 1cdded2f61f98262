public import AntidoteCore
import Synchronization

/// The world behind fake backends: what exists, whoever made it. Several backends may share one, as workers share an
/// engine; it outlives them, as an engine outlives a crashed worker.
///
/// It is in the memory of one process, or in a folder that several share. A final class over a `Mutex` and not an actor: a
/// shared world must not stop because one of its users does.
public final class FakeProvider: Sendable {
    private let time: TimeSource
    private let directory: FakeDirectory?
    /// Part of every identity, so that two processes never draw the same.
    private let mark: String
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

        mutating func end(_ endpoint: String, in id: TopologyID) -> Bool { topologies[id]?.end(endpoint) ?? false }

        mutating func forget(_ id: TopologyID) {
            topologies[id] = nil
            incarnations[id.line]?.remove(id.incarnation)
            if incarnations[id.line]?.isEmpty == true { incarnations[id.line] = nil }
        }
    }

    /// A provider with nothing in it, to which `time` is the time.
    public init(time: TimeSource) {
        self.time = time
        directory = nil
        mark = ""
    }

    /// A provider that keeps what exists in the folder `directory`, for all processes that name it.
    ///
    /// Its observers hear of what this process did; the rest shows in the inventory.
    ///
    /// - Throws: `configurationInvalid` where the folder cannot be made.
    public init(directory: String, time: TimeSource, random: RandomSource = .system) throws {
        self.time = time
        self.directory = try FakeDirectory(directory)
        mark = "-" + random.base32(length: 8)
    }

    /// Everything that exists now, as far as this process knows.
    public var topologies: [TopologyID: FakeTopology] {
        guard let directory else { return state.withLock { $0.topologies } }
        return Dictionary(directory.remembered.map { ($0.id, $0) }) { first, _ in first }
    }

    /// Goes up whenever ``topologies`` may have changed.
    package var changes: Int { state.withLock { $0.changes } }

    /// An endpoint of a provider in memory dies, and every observer is told.
    public func kill(_ endpoint: String, in id: TopologyID, reason: String = "killed") {
        let didDie = state.withLock { $0.end(endpoint, in: id) }
        if didDie { tell(TopologyChange(topology: id, endpoint: endpoint, kind: .died, detail: reason)) }
    }

    /// An endpoint ends by itself, and every observer is told.
    func end(_ endpoint: String, in id: TopologyID, reason: String) throws {
        let didDie =
            try directory?.change(id) { $0?.end(endpoint) ?? false } ?? state.withLock { $0.end(endpoint, in: id) }
        if didDie { tell(TopologyChange(topology: id, endpoint: endpoint, kind: .died, detail: reason)) }
    }

    /// An endpoint of a provider in memory disappears, and every observer is told.
    public func remove(_ endpoint: String, in id: TopologyID) {
        let didGo = state.withLock { $0.topologies[id]?.endpoints.removeValue(forKey: endpoint) != nil }
        if didGo { tell(TopologyChange(topology: id, endpoint: endpoint, kind: .missing, detail: "removed")) }
    }

    /// A topology of a provider in memory disappears, and nobody is told.
    public func vanish(_ id: TopologyID) { state.withLock { $0.forget(id) } }

    /// A provider in memory restarts: every endpoint is dead afterwards, and every observer loses its stream.
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
    func inventory(of instance: InstanceID?) throws -> [InventoryEntry] {
        let now = time.now()
        let all = try directory?.inventory(at: now) ?? state.withLock { $0.topologies.values.map { $0.entry(at: now) } }
        return all.filter { $0.id.instance == instance ?? $0.id.instance }.sorted { $0.id < $1.id }
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
        func changed(_ known: FakeTopology?, count: () throws -> Int) throws -> FakeTopology {
            if known == nil, let capacity, try count() >= capacity {
                throw AntidoteError(.capacityExhausted, "the fake provider holds \(capacity) topologies already")
            }
            var topology = known ?? FakeTopology(id: id, madeAt: time.now())
            change(&topology)
            return topology
        }
        if let directory { return try directory.change(id) { $0 = try changed($0, count: directory.count) } }
        try state.withLock { state in
            state.topologies[id] = try changed(state.topologies[id]) { state.topologies.count }
            state.incarnations[id.line, default: []].insert(id.incarnation)
        }
    }

    /// Changes one topology that exists: what was destroyed meanwhile does not come back.
    func update<Result: Sendable>(_ id: TopologyID, _ change: (inout FakeTopology) throws -> Result) throws -> Result {
        func apply(_ known: inout FakeTopology?) throws -> Result {
            guard var topology = known else {
                throw AntidoteError(.endpointFailed, "the topology is gone", subject: id.description)
            }
            let result = try change(&topology)
            known = topology
            return result
        }
        if let directory { return try directory.change(id, apply) }
        return try state.withLock { try apply(&$0.topologies[id]) }
    }

    /// Numbered for each endpoint of its own, so that the order of concurrent calls changes nothing.
    func newIdentity(of endpoint: String, in id: TopologyID) -> String {
        let name = "\(id)-\(endpoint)"
        // Whoever shares a folder runs for long, and would remember every name.
        let counter = directory == nil ? name : ""
        return state.withLock { state in
            state.machines[counter, default: 0] += 1
            return "\(name)-\(state.machines[counter, default: 0])\(mark)"
        }
    }

    func topology(_ id: TopologyID) throws -> FakeTopology? {
        guard let directory else { return state.withLock { $0.topologies[id] } }
        return try directory.topology(id)
    }

    /// Removes `id` and what came before it.
    func remove(through id: TopologyID) throws {
        if let directory { return try directory.remove(through: id) }
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
