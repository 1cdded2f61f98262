import AntidoteCore
import CNATS
import Dispatch
import Synchronization

/// A subscription on one connection.
///
/// Sendable because libnats locks its subscriptions. The pointer lives as long as this object.
final class ServerSubscription: @unchecked Sendable {
    private let raw: OpaquePointer

    /// The server hears of it with what is sent next.
    init(_ connection: OpaquePointer, _ subscription: Subscription, _ receiver: Receiver, place: String) throws {
        // Released when libnats says that it calls no more; until then it may, also after the end.
        let context = Unmanaged.passRetained(receiver).toOpaque()
        var made: OpaquePointer?
        let status =
            subscription.queue.map {
                natsConnection_QueueSubscribe(&made, connection, subscription.pattern, $0, Receiver.handler, context)
            } ?? natsConnection_Subscribe(&made, connection, subscription.pattern, Receiver.handler, context)
        guard status == NATS_OK, let made else {
            Unmanaged<Receiver>.fromOpaque(context).release()
            throw AntidoteError.unavailable(
                "the bus could not subscribe: \(LibraryError.text(status))",
                subject: place
            )
        }
        raw = made
        receiver.begin()
        if natsSubscription_SetOnCompleteCB(raw, Receiver.completed, context) != NATS_OK {
            // The connection was lost in between: nobody says when the last call was, and so the receiver stays.
            receiver.complete()
        }
        natsSubscription_SetPendingLimits(raw, Receiver.pendingMessages, Receiver.pendingBytes)
    }

    deinit { natsSubscription_Destroy(raw) }

    func end() { natsSubscription_Unsubscribe(raw) }

    func drain(within limit: Duration) {
        natsSubscription_DrainTimeout(raw, Int64(limit / .milliseconds(1)))
    }
}

/// Takes what libnats delivers to one subscription, on libnats' thread.
final class Receiver: Sendable {
    /// What libnats may hold before it drops the newest. The receiver takes it at once, and drops the oldest far earlier.
    static let pendingMessages: Int32 = 65_536
    static let pendingBytes: Int32 = 64 * 1024 * 1024

    private let subscription: Subscription
    private let limits: BusLimits
    private let counters: BusCounters
    private let live: LiveCallbacks
    private let counts = Mutex<(taken: Int, droppedByLibrary: Int64)>((0, 0))

    init(_ subscription: Subscription, limits: BusLimits, counters: BusCounters, live: LiveCallbacks) {
        self.subscription = subscription
        self.limits = limits
        self.counters = counters
        self.live = live
    }

    fileprivate static var handler: natsMsgHandler {
        { _, raw, message, context in
            guard let context else { return }
            Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue().take(message, of: raw)
            natsMsg_Destroy(message)
        }
    }

    fileprivate static var completed: natsOnCompleteCB {
        { context in
            guard let context else { return }
            Unmanaged<Receiver>.fromOpaque(context).takeRetainedValue().complete()
        }
    }

    fileprivate func begin() { live.begin() }

    fileprivate func complete() { live.end() }

    private func take(_ message: OpaquePointer?, of raw: OpaquePointer?) {
        countDrops(of: raw)
        let bytes = Int(natsMsg_GetDataLength(message))
        guard bytes <= limits.payloadBytes else { return counters.droppedLarge(bytes, pattern: subscription.pattern) }
        guard let reader = MessageReader(message, limits: limits) else { return }
        if reader.refusedHeaders { counters.refusedHeaders(pattern: subscription.pattern) }
        let lost = subscription.inbox.offer(reader.message)
        if lost > 0 { counters.droppedSlow(lost, pattern: subscription.pattern) }
    }

    /// What libnats itself had to drop, because its thread came to nothing. Looked at now and then.
    private func countDrops(of raw: OpaquePointer?) {
        let isDue = counts.withLock { counts in
            counts.taken += 1
            return counts.taken % 64 == 0
        }
        var dropped: Int64 = 0
        guard isDue, natsSubscription_GetDropped(raw, &dropped) == NATS_OK else { return }
        let new = counts.withLock { counts in
            defer { counts.droppedByLibrary = max(counts.droppedByLibrary, dropped) }
            return dropped - counts.droppedByLibrary
        }
        if new > 0 { counters.droppedSlow(Int(new), pattern: subscription.pattern) }
    }
}

/// How many subscriptions libnats may still call back for.
final class LiveCallbacks: Sendable {
    private let group = DispatchGroup()

    func begin() { group.enter() }
    func end() { group.leave() }

    /// Blocks. Whether none is left.
    func areOver(within limit: Duration) -> Bool { group.wait(timeout: .now() + limit.dispatched) == .success }
}

extension Duration {
    var dispatched: DispatchTimeInterval {
        let (seconds, attoseconds) = components
        return .nanoseconds(Int(clamping: max(0, seconds) * 1_000_000_000 + attoseconds / 1_000_000_000))
    }
}
