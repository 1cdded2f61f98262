import AntidoteCore
import DequeModule
import Dispatch
import Synchronization

/// Keeps one connection up, and does on a queue of its own what the bus is asked for: what is asked at the same time goes
/// to the server together, and is confirmed by one round trip.
///
/// libnats could connect again by itself. It would keep what is published meanwhile to send it minutes later, would end
/// after two refusals, and would trust every server that the last one told of. So a lost connection is thrown away, and
/// a new one made.
final class Engine: Sendable {
    /// How many requests are confirmed together, and how many bytes, but for one message that has more.
    private static let batch = (requests: 512, bytes: 1024 * 1024)
    /// More may not wait: whoever comes then is told at once.
    private static let mostWaiting = 16_384

    enum Life {
        /// Nobody has asked for a connection, or nobody wants one before it is asked for again.
        case idle
        case connecting
        /// Until the next try.
        case waiting
        case connected(Connection)
        case closed
    }

    struct State {
        var life = Life.idle
        /// Whether the bus was connected once: then it never gives up.
        var wasConnected = false
        /// What was asked for is still done, and nothing else.
        var isClosing = false
        var requests: Deque<Request> = []
        var isPerforming = false
        var subscriptions: [ObjectIdentifier: Subscription] = [:]
        var pause: ReconnectPause
        /// Who waits for the try that is under way.
        var connectors: [Request] = []
        var failure: AntidoteError?

        var connection: Connection? { if case .connected(let connection) = life { connection } else { nil } }
    }

    let configuration: NATSConfiguration
    let counters: BusCounters
    let connector: Connector
    let live = LiveCallbacks()
    let state: Mutex<State>
    /// Where libnats is called that may block: for `operationTimeout` at most. A dispatch queue rather than a
    /// `BlockingThread`, because it also needs delays, and blocks that callbacks of libnats add.
    let queue = DispatchQueue(label: "antidote.nats")

    init(_ configuration: NATSConfiguration, _ addresses: [ServerAddress], counters: BusCounters) {
        self.configuration = configuration
        self.counters = counters
        connector = Connector(configuration, addresses)
        state = Mutex(State(pause: ReconnectPause(configuration.reconnectPause)))
    }

    // MARK: What it is asked for

    /// Ends with the server's confirmation, with an error, or with the task.
    func perform(_ work: Request.Work) async throws {
        let request = Request(work)
        post(request)
        try await request.wait()
    }

    /// Does not wait.
    func post(_ request: Request) {
        let (refusal, isFirst): (AntidoteError?, Bool) = state.withLock { state in
            if let refusal = Self.refusal(state) { return (refusal, false) }
            state.requests.append(request)
            defer { state.isPerforming = true }
            return (nil, !state.isPerforming)
        }
        if let refusal {
            request.end(.failure(refusal))
            if request.isEnding { queue.async { self.fail([request], refusal) } }
        } else if isFirst {
            queue.async { self.performBatch() }
        }
    }

    /// Ends it when `limit` is over.
    func end(_ request: Request, after limit: Duration, with error: AntidoteError) {
        DispatchQueue.global().asyncAfter(deadline: .now() + limit.dispatched) { [weak request] in
            request?.end(.failure(error))
        }
    }

    private static func refusal(_ state: State) -> AntidoteError? {
        if state.isClosing { return .busIsClosed }
        switch state.life {
        case .closed: return .busIsClosed
        case .connected:
            return state.requests.count < mostWaiting ? nil : .unavailable("the bus has too much to do")
        case .idle, .connecting, .waiting:
            let why = state.failure.map { ": \($0.message)" } ?? ""
            return .unavailable("the bus is not connected\(why)", subject: state.failure?.subject)
        }
    }

    /// A block on the queue each, so that connections come and go between them.
    private func performBatch() {
        if performSome() { queue.async { self.performBatch() } }
    }

    /// Whether there may be more.
    func performSome() -> Bool {
        let (requests, connection) = state.withLock { state in
            var bytes = 0
            let requests = Array(
                state.requests.prefix(Self.batch.requests).prefix { request in
                    defer { bytes += request.size }
                    return bytes < Self.batch.bytes
                }
            )
            state.requests.removeFirst(requests.count)
            if requests.isEmpty { state.isPerforming = false }
            return (requests, state.connection)
        }
        if requests.isEmpty { return false }
        if let connection {
            perform(requests, on: connection)
        } else {
            fail(requests, state.withLock { Self.refusal($0) } ?? .unavailable("the connection was lost"))
        }
        return true
    }

    /// Whoever wanted to listen does not, and whoever wanted to end does.
    private func fail(_ requests: [Request], _ error: any Error) {
        for request in requests {
            switch request.work {
            case .subscribe(let subscription), .unsubscribe(let subscription): forget(subscription)
            case .publish, .ping: break
            }
            request.end(.failure(error))
        }
    }

    private func perform(_ requests: [Request], on connection: Connection) {
        let half = configuration.operationTimeout / 2
        let begin = ContinuousClock.now
        var sent: [Request] = []
        do {
            for request in requests where !request.isOver || request.isEnding {
                guard begin.duration(to: .now) < half else { throw AntidoteError.unavailable("the bus is too slow") }
                do {
                    try carryOut(request, on: connection)
                    sent.append(request)
                } catch let error as AntidoteError where error.code == .messageRefused {
                    request.end(.failure(error))
                }
            }
            guard sent.isEmpty || connection.isFlushed(within: half) else {
                throw AntidoteError.unavailable("the bus did not confirm in time", subject: connection.place)
            }
        } catch {
            fail(requests, error)
            lose(connection, because: AntidoteError.wrapping(error).message)
            return
        }
        for request in sent { confirm(request, on: connection) }
    }

    private func carryOut(_ request: Request, on connection: Connection) throws {
        switch request.work {
        case .ping: break
        case .publish(let message): try connection.publish(message)
        case .subscribe(let subscription):
            try subscribe(subscription, on: connection)
            state.withLock { $0.subscriptions[ObjectIdentifier(subscription)] = subscription }
        case .unsubscribe(let subscription): forget(subscription)
        }
    }

    private func confirm(_ request: Request, on connection: Connection) {
        switch request.work {
        case .ping, .unsubscribe: break
        case .publish(let message):
            if let denial = connection.denial(of: message.subject) { return request.end(.failure(denial)) }
        case .subscribe(let subscription):
            if let denial = connection.denial(of: subscription.pattern) {
                forget(subscription)
                return request.end(.failure(denial))
            }
        }
        request.end(.success(()))
    }

    func subscribe(_ subscription: Subscription, on connection: Connection) throws {
        let receiver = Receiver(subscription, limits: configuration.limits, counters: counters, live: live)
        subscription.set(try connection.subscribe(subscription, receiver))
    }

    private func forget(_ subscription: Subscription) {
        state.withLock { _ = $0.subscriptions.removeValue(forKey: ObjectIdentifier(subscription)) }
        subscription.set(nil)
    }
}
