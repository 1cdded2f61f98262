public import AntidoteCore
public import Logging

/// A bus over NATS servers.
///
/// ```swift
/// let bus = try NATSEventBus(configuration)   // refuses settings that cannot work
/// try await bus.connect()                     // refused credentials are an error here; a server that is away as well
/// …
/// await bus.close()
/// ```
/// A connection that is lost is made again without end. Meanwhile publications fail at once, and subscriptions wait: they
/// live on with the new connection. A publication has succeeded when the server has confirmed it. Nothing blocks a thread
/// of Swift's pool.
public final class NATSEventBus: EventBus {
    private let engine: Engine
    private let configuration: NATSConfiguration

    /// Makes nothing but the bus; ``connect()`` connects it.
    ///
    /// - Throws: `configurationInvalid`, above all when there are no credentials.
    public init(_ configuration: NATSConfiguration, logger: Logger = Logger(label: "antidote.bus")) throws {
        let addresses = try configuration.validated()
        self.configuration = configuration
        engine = Engine(configuration, addresses, counters: BusCounters(logger: logger))
    }

    /// Somebody who forgot to close the bus leaves nothing behind either.
    deinit { engine.abandon() }

    /// Connects, unless it is connected. Waits for one try at each server.
    ///
    /// - Throws: `busDenied` if the server refuses us or cannot be trusted: then it is not tried again. `busUnavailable` if
    ///   nobody answers: it is tried again in the background, and a program may go on without a bus until then.
    public func connect() async throws { try await engine.connect() }

    /// Ends when a server has answered: for readiness, and for whoever looks for what is wrong.
    ///
    /// - Throws: `busUnavailable`, with what was said last, if there is no connection, or no answer within `limit`.
    public func checkHealth(within limit: Duration = .seconds(1)) async throws {
        let request = Request(.ping)
        let late = AntidoteError.unavailable("the bus did not answer within \(limit)")
        engine.end(request, after: limit, with: late)
        engine.post(request)
        try await request.wait()
    }

    public func publish(_ message: BusMessage) async throws {
        try await engine.perform(.publish(try message.carried(within: configuration.limits)))
    }

    public func withSubscription<Result: Sendable>(
        to pattern: SubjectPattern,
        queue: String?,
        _ body: @Sendable (AsyncStream<BusMessage>) async throws -> Result
    ) async throws -> Result {
        try pattern.validate(queue: queue)
        let inbox = Inbox(
            maximumMessages: configuration.limits.pendingMessages,
            maximumBytes: configuration.pendingBytes
        )
        let subscription = Subscription(pattern, queue: queue, inbox: inbox)
        let end = Request(.unsubscribe(subscription))
        do {
            try await engine.perform(.subscribe(subscription))
            let result = try await body(inbox.stream)
            inbox.close()
            engine.post(end)
            // Others of the queue have the messages from here on. Who is cancelled, or has lost the server, does not wait.
            try? await end.wait()
            return result
        } catch {
            inbox.close()
            engine.post(end)
            throw error
        }
    }

    /// Ends every subscription, and the connection. What was published before is confirmed first, and what subscribers have
    /// in their buffers they may still read.
    ///
    /// - Parameter limit: How long to wait for libnats to let go of its callbacks.
    /// - Returns: Whether it has.
    @discardableResult
    public func close(within limit: Duration = .seconds(2)) async -> Bool { await engine.close(within: limit) }
}
