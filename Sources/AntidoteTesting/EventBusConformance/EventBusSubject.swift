public import AntidoteCore

/// What ``EventBusConformance`` needs to try a bus.
public protocol EventBusSubject: Sendable {
    /// As the verdict calls it.
    var name: String { get }
    /// Those of every bus that it makes.
    var limits: BusLimits { get }
    /// How long one case may take.
    var patience: Duration { get }
    /// How long to wait for what must not happen.
    var time: TimeSource { get }
    /// What its worlds can do, beside making buses.
    var abilities: Set<EventBusAbility> { get }

    /// A world that no other case shares: servers, where the bus has some.
    func world() async throws -> any EventBusWorld
}

extension EventBusSubject {
    public var limits: BusLimits { BusLimits() }
    public var patience: Duration { .seconds(30) }
    public var time: TimeSource { .system }
    public var abilities: Set<EventBusAbility> { [] }
}

/// What only some worlds can do. A case that needs it is “not able” elsewhere.
public enum EventBusAbility: String, Sendable, Hashable, CaseIterable {
    /// ``EventBusWorld/stopServer()``, ``EventBusWorld/startServer()`` and ``EventBusWorld/freezeServer()``.
    case restartServer
    /// ``EventBusWorld/cutConnections()``.
    case cutConnections
    /// ``EventBusWorld/sendRaw(_:headers:payload:)``.
    case sendRaw
    /// ``EventBusWorld/droppedMessages()``.
    case countDrops
}

/// Buses that hear each other, and what may happen to them.
public protocol EventBusWorld: Sendable {
    /// A bus as another process would have it, connected.
    func bus() async throws -> any EventBus
    /// Takes everything away.
    func end() async

    /// The server is gone, at once and without a word.
    func stopServer() async throws
    /// A server is there again, at the same place, and has forgotten everything.
    func startServer() async throws
    /// The server is there and answers nobody, from when this returns until ``stopServer()``.
    func freezeServer() async throws
    /// All connections break, and may be made again.
    func cutConnections() async throws
    /// A stranger's message, whose headers are these bytes: legal or not.
    func sendRaw(_ subject: String, headers: [UInt8], payload: [UInt8]) async throws
    /// The counter of messages that were lost or refused on the way to subscribers of these buses.
    func droppedMessages() async throws -> Int
}

extension EventBusWorld {
    private func cannot(_ what: EventBusAbility) -> any Error {
        AntidoteError(.unsupported, "this world has no “\(what.rawValue)”, though its subject says so")
    }

    public func end() async {}
    public func stopServer() async throws { throw cannot(.restartServer) }
    public func startServer() async throws { throw cannot(.restartServer) }
    public func freezeServer() async throws { throw cannot(.restartServer) }
    public func cutConnections() async throws { throw cannot(.cutConnections) }
    public func sendRaw(_ subject: String, headers: [UInt8], payload: [UInt8]) async throws { throw cannot(.sendRaw) }
    public func droppedMessages() async throws -> Int { throw cannot(.countDrops) }
}
