#if !NATS
import AntidoteCore

// What is here without the package trait NATS: the types, and a clear error.

final class Connection: Sendable {
    let key = 0
    let place = ""

    init(_ configuration: NATSConfiguration, _ server: ServerAddress, encrypted: Bool, key: Int) throws {
        throw AntidoteError(
            .unsupported,
            "this program was built without libnats",
            advice: "Build it with the package trait NATS."
        )
    }

    func close() {}
    func publish(_ message: BusMessage) throws {}
    func isFlushed(within limit: Duration) -> Bool { false }
    func subscribe(_ subscription: Subscription, _ receiver: Receiver) throws -> ServerSubscription {
        ServerSubscription()
    }
    func denial(of subject: String) -> AntidoteError? { nil }
}

final class ServerSubscription: Sendable {
    func end() {}
    func drain(within limit: Duration) {}
}

final class Receiver: Sendable {
    init(_ subscription: Subscription, limits: BusLimits, counters: BusCounters, live: LiveCallbacks) {}
}
#endif
