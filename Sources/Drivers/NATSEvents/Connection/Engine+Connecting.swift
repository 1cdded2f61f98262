import AntidoteCore
import DequeModule
import Dispatch
import Logging
import Synchronization

// How a connection comes, goes, and comes again.
extension Engine {
    /// Waits for a try to connect: the one that is under way, or one that begins now.
    ///
    /// - Throws: Why there is no connection. Unless the server refuses us, it is tried again without end.
    func connect() async throws {
        let request = Request(.ping)
        let (isNew, answer): (Bool, Result<Void, any Error>?) = state.withLock { state in
            switch state.life {
            case .connected: return (false, .success(()))
            case .closed: return (false, .failure(AntidoteError.busIsClosed))
            case .connecting:
                state.connectors.append(request)
                return (false, nil)
            case .idle, .waiting:
                state.connectors.append(request)
                state.life = .connecting
                return (true, nil)
            }
        }
        if let answer { return try answer.get() }
        if isNew {
            if connector.isOpenToOthers {
                counters.logger.warning("the bus is not encrypted: its credentials and events can be read on the way")
            }
            tryToConnect()
        }
        try await request.wait()
    }

    private func tryToConnect() {
        connector.connect { [weak self] key, event in
            self?.hear(event, of: key)
        } then: { [weak self] result in
            if let self {
                tried(result)
            } else if case .success(let connection) = result {
                ConnectionEvents.shared.remove(connection.key)
            }
        }
    }

    private func tried(_ result: Result<Connection, any Error>) {
        queue.async {
            switch result {
            case .success(let connection): self.use(connection)
            case .failure(let error): self.failed(AntidoteError.wrapping(error))
            }
        }
    }

    /// All that somebody listens to is told to the new server before anybody else is.
    private func use(_ connection: Connection) {
        let subscriptions = state.withLock { state in
            if case .connecting = state.life { return Optional(Array(state.subscriptions.values)) }
            return nil
        }
        guard let subscriptions else { return discard(connection) }
        do {
            for subscription in subscriptions { try subscribe(subscription, on: connection) }
            guard connection.isFlushed(within: configuration.operationTimeout) else {
                throw AntidoteError.unavailable("the NATS server does not confirm", subject: connection.place)
            }
        } catch {
            discard(connection)
            return failed(AntidoteError.wrapping(error))
        }
        counters.gotConnected(to: connection.place)
        let waiting = state.withLock { state in
            if case .connecting = state.life { state.life = .connected(connection) }
            state.wasConnected = true
            state.failure = nil
            state.pause.reset()
            defer { state.connectors = [] }
            return state.connectors
        }
        for request in waiting { request.end(.success(())) }
    }

    private func failed(_ error: AntidoteError) {
        counters.failedToConnect(because: error)
        let (waiting, pause): ([Request], Duration?) = state.withLock { state in
            guard case .connecting = state.life else { return ([], nil) }
            state.failure = error
            let isFinal = error.disposition == .permanent && !state.wasConnected
            state.life = isFinal ? .idle : .waiting
            defer { state.connectors = [] }
            return (state.connectors, isFinal ? nil : state.pause.next(random: .random(in: 0...1)))
        }
        for request in waiting { request.end(.failure(error)) }
        if let pause { tryAgain(after: pause) }
    }

    private func tryAgain(after pause: Duration) {
        queue.asyncAfter(deadline: .now() + pause.dispatched) { [weak self] in
            guard let self else { return }
            let isDue = state.withLock { state in
                guard case .waiting = state.life else { return false }
                state.life = .connecting
                return true
            }
            if isDue { tryToConnect() }
        }
    }

    /// On libnats' thread.
    private func hear(_ event: ConnectionEvent, of key: Int) {
        switch event {
        case .trouble(let text): counters.met(text)
        case .closed(let reason):
            queue.async { [weak self] in
                guard let self, let connection = state.withLock({ $0.connection }), connection.key == key else {
                    return
                }
                lose(connection, because: reason)
            }
        }
    }

    /// It is of no use any more; another is made.
    func lose(_ connection: Connection, because reason: String) {
        let pause: Duration? = state.withLock { state in
            guard state.connection === connection else { return nil }
            state.life = .waiting
            state.failure = .unavailable("the connection was lost: \(reason)", subject: connection.place)
            return state.pause.next(random: .random(in: 0...1))
        }
        discard(connection)
        guard let pause else { return }
        counters.lostConnection(to: connection.place, because: reason)
        tryAgain(after: pause)
    }

    /// Closing blocks for a moment, and must not hold up anybody.
    private func discard(_ connection: Connection) {
        ConnectionEvents.shared.remove(connection.key)
        DispatchQueue.global().async { connection.close() }
    }

    /// Ends everything: what was asked for before is still done, and what lies in the subscribers' buffers can be read.
    ///
    /// - Returns: Whether libnats has let go of all callbacks within `limit`.
    @discardableResult
    func close(within limit: Duration) async -> Bool {
        state.withLock { $0.isClosing = true }
        return await withCheckedContinuation { continuation in
            queue.async {
                while self.performSome() {}
                continuation.resume(returning: self.closeNow(within: limit))
            }
        }
    }

    /// Ends everything, and waits for nothing.
    func abandon() { queue.async { self.closeNow(within: .zero) } }

    /// On the queue.
    @discardableResult
    private func closeNow(within limit: Duration) -> Bool {
        let (connection, subscriptions, waiting) = state.withLock { state in
            defer {
                state.life = .closed
                state.subscriptions = [:]
                state.requests = []
                state.connectors = []
            }
            return (state.connection, Array(state.subscriptions.values), Array(state.requests) + state.connectors)
        }
        for request in waiting { request.end(.failure(AntidoteError.busIsClosed)) }
        // What the server has sent may still lie in libnats.
        if limit > .zero {
            for subscription in subscriptions { subscription.drain(within: limit / 2) }
            _ = live.areOver(within: limit / 2)
        }
        for subscription in subscriptions {
            subscription.set(nil)
            subscription.inbox.finish()
        }
        if let connection {
            ConnectionEvents.shared.remove(connection.key)
            connection.close()
        }
        return live.areOver(within: limit / 2)
    }
}
