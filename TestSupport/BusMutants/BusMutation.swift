public import AntidoteCore

/// What is wrong with a mutated bus: closures round a right one. What is not said is as it should be.
public struct BusMutation: Sendable {
    public var publish: @Sendable (any EventBus, BusMessage) async throws -> Void = { try await $0.publish($1) }
    public var pattern: @Sendable (SubjectPattern) -> SubjectPattern = { $0 }
    public var queue: @Sendable (String?) -> String? = { $0 }
    /// What a subscriber is given; asked once for each.
    public var stream: @Sendable (AsyncStream<BusMessage>, _ queue: String?) -> AsyncStream<BusMessage> = { stream, _ in
        stream
    }
    public var ending: Ending = .right

    /// How a subscription begins and ends.
    public enum Ending: Sendable {
        case right
        /// The body begins before the server knows of the subscription.
        case lateBegin
        /// The subscription goes on when the body has ended.
        case never
        /// A task that is cancelled goes on for this long.
        case lateCancellation(Duration)
        /// The body runs although there is no subscription.
        case pretendedBegin
    }

    public init(_ change: (inout BusMutation) -> Void) { change(&self) }
}

/// A right bus with something wrong about it.
struct MutatedBus: EventBus {
    let base: any EventBus
    let mutation: BusMutation

    func publish(_ message: BusMessage) async throws { try await mutation.publish(base, message) }

    func withSubscription<Result: Sendable>(
        to pattern: SubjectPattern,
        queue: String?,
        _ body: @Sendable (AsyncStream<BusMessage>) async throws -> Result
    ) async throws -> Result {
        let (pattern, queue) = (mutation.pattern(pattern), mutation.queue(queue))
        switch mutation.ending {
        case .right:
            return try await base.withSubscription(to: pattern, queue: queue) { try await body(changed($0, queue)) }
        case .lateBegin:
            let relay = Relay()
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { [base] in
                    try await Task.sleep(for: .milliseconds(50))
                    try await base.withSubscription(to: pattern, queue: queue) { await relay.pass($0) }
                }
                defer { group.cancelAll() }
                return try await body(changed(relay.stream, queue))
            }
        case .never:
            let relay = Relay()
            let (begun, begin) = AsyncStream.makeStream(of: Void.self)
            // Nobody cancels it: that is the fault. It ends with the bus.
            Task { [base] in
                defer { begin.finish() }
                try await base.withSubscription(to: pattern, queue: queue) { stream in
                    begin.finish()
                    await relay.pass(stream)
                }
            }
            for await _ in begun {}
            return try await body(changed(relay.stream, queue))
        case .lateCancellation(let delay):
            let result = try await base.withSubscription(to: pattern, queue: queue) {
                try await body(changed($0, queue))
            }
            // A task of its own, because this one sleeps no more.
            if Task.isCancelled { try await Task { try await Task.sleep(for: delay) }.value }
            return result
        case .pretendedBegin:
            do {
                return try await base.withSubscription(to: pattern, queue: queue) { try await body(changed($0, queue)) }
            } catch let error as AntidoteError where error.code == .busUnavailable {
                return try await body(AsyncStream { nil })
            }
        }
    }

    private func changed(_ stream: AsyncStream<BusMessage>, _ queue: String?) -> AsyncStream<BusMessage> {
        mutation.stream(stream, queue)
    }
}

/// A stream that somebody else fills from a subscription.
private struct Relay: Sendable {
    let stream: AsyncStream<BusMessage>
    private let continuation: AsyncStream<BusMessage>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func pass(_ messages: AsyncStream<BusMessage>) async {
        for await message in messages { continuation.yield(message) }
    }
}
