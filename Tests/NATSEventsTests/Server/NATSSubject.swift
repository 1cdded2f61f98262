import AntidoteCore
import AntidoteTesting
import Metrics
import MetricsTestKit
import NATSEvents
import Synchronization

/// A bus over a real server, as the conformance suite tries it: each case has a server of its own.
struct NATSSubject: EventBusSubject {
    let name = "nats"
    let abilities = Set(EventBusAbility.allCases)

    func world() async throws -> any EventBusWorld {
        NATSWorld(server: try await NATSServer.started(), limits: limits)
    }
}

final class NATSWorld: EventBusWorld {
    let server: NATSServer
    private let limits: BusLimits
    private let metrics = TestMetrics()
    private let buses = Mutex<[NATSEventBus]>([])

    init(server: NATSServer, limits: BusLimits) {
        self.server = server
        self.limits = limits
    }

    func bus() async throws -> any EventBus {
        let configuration = NATSConfiguration(
            servers: [server.url()],
            credentials: .user("antidote", password: Secret("open sesame")),
            limits: limits,
            operationTimeout: .seconds(1),
            reconnectPause: .milliseconds(10)...(.milliseconds(100))
        )
        let bus = try withMetricsFactory(metrics) { try NATSEventBus(configuration, logger: .silent) }
        try await bus.connect()
        buses.withLock { $0.append(bus) }
        return bus
    }

    func end() async {
        for bus in buses.withLock({ $0 }) { await bus.close() }
        await server.stop()
    }

    func stopServer() async throws { await server.stop() }
    func startServer() async throws { try await server.start() }
    func freezeServer() async throws { server.freeze() }
    func cutConnections() async throws { server.cutConnections() }

    func sendRaw(_ subject: String, headers: [UInt8], payload: [UInt8]) async throws {
        let client = try RawClient.loggedIn(port: server.port)
        client.publish(subject, headers: headers, payload: payload)
        try client.flush()
    }

    func droppedMessages() async throws -> Int {
        Int(metrics.counterTotal(label: "antidote_bus_dropped_messages"))
    }
}
