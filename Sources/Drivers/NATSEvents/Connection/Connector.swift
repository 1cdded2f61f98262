import AntidoteCore
import ConcurrencyKit
import Dispatch
import Synchronization

/// Connects to any of the servers, on threads that may block.
final class Connector: Sendable {
    /// More tries than this do not hang at once.
    private static let mostHanging = 3

    private let configuration: NATSConfiguration
    private let addresses: [ServerAddress]
    private let isEncrypted: Bool
    private let queue = DispatchQueue(label: "antidote.nats.connector")
    private let hanging = Mutex(0)

    init(_ configuration: NATSConfiguration, _ addresses: [ServerAddress]) {
        self.configuration = configuration
        self.addresses = addresses
        isEncrypted = configuration.isEncrypted(addresses)
    }

    /// Whether what is sent can be read on the way.
    var isOpenToOthers: Bool { !isEncrypted && addresses.contains { !$0.isLoopback } }

    /// Tries each server once, in any order, and tells of the first that answers, or of the worst that was said.
    ///
    /// - Parameter events: Told what happens to the connection, with its key.
    func connect(
        events: @escaping ConnectionEvents.Handler,
        then tell: @escaping @Sendable (Result<Connection, any Error>) -> Void
    ) {
        queue.async { tell(Result { try self.connectToAny(events) }) }
    }

    private func connectToAny(_ events: @escaping ConnectionEvents.Handler) throws -> Connection {
        var failure: any Error = AntidoteError.unavailable("there is no NATS server to connect to")
        for address in addresses.shuffled() {
            do {
                return try connect(to: address, events)
            } catch {
                // That somebody refuses us says more than that somebody else is away.
                if AntidoteError.wrapping(failure).code != .busDenied { failure = error }
            }
        }
        throw failure
    }

    /// On a thread of its own, because libnats may wait for ever: for a server which says who it is and then nothing more.
    /// Such a try is left behind, and what comes of it is thrown away.
    private func connect(
        to address: ServerAddress,
        _ events: @escaping ConnectionEvents.Handler
    ) throws -> Connection {
        let place = address.url(encrypted: isEncrypted)
        let mayTry = hanging.withLock { hanging in
            guard hanging < Self.mostHanging else { return false }
            hanging += 1
            return true
        }
        guard mayTry else { throw AntidoteError.unavailable("earlier tries to connect still hang", subject: place) }
        let key = ConnectionEvents.shared.register(events)
        let outcome = Outcome()
        DispatchQueue(label: "antidote.nats.connect").async { [configuration, isEncrypted, self] in
            outcome.set(
                Result { try Connection(configuration, address, encrypted: isEncrypted, key: key) }
            )
            self.hanging.withLock { $0 -= 1 }
        }
        let result = outcome.wait(configuration.connectTimeout + .milliseconds(250))
        if case .success(let connection)? = result { return connection }
        ConnectionEvents.shared.remove(key)
        guard case .failure(let error)? = result else {
            throw AntidoteError.unavailable("the NATS server did not answer in time", subject: place)
        }
        throw error
    }

    /// What comes of one try, or that nobody waits for it any more.
    private final class Outcome: Sendable {
        private let isThere = DispatchSemaphore(value: 0)
        private let state = Mutex<(result: Result<Connection, any Error>?, isAbandoned: Bool)>((nil, false))

        func set(_ result: Result<Connection, any Error>) {
            // A connection that nobody waits for goes as soon as this returns.
            state.withLock { if !$0.isAbandoned { $0.result = result } }
            isThere.signal()
        }

        /// Blocks. `nil`: it took too long.
        func wait(_ limit: Duration) -> Result<Connection, any Error>? {
            _ = isThere.wait(timeout: .now() + limit.dispatched)
            return state.withLock { state in
                state.isAbandoned = true
                defer { state.result = nil }
                return state.result
            }
        }
    }
}

/// The pauses between tries to connect: longer each time, and never the same for two clients.
struct ReconnectPause: Sendable {
    private let backoff: Backoff
    private var tries = 0

    init(_ bounds: ClosedRange<Duration>) {
        backoff = Backoff(first: bounds.lowerBound, longest: bounds.upperBound, jitter: 0.5)
    }

    /// - Parameter random: From 0 to 1.
    mutating func next(random: Double) -> Duration {
        tries += 1
        return backoff.pause(before: tries, random: 1 - random)
    }

    mutating func reset() { tries = 0 }
}
