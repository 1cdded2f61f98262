import ConcurrencyKit
import DequeModule
public import Metrics
import Synchronization

/// Spans that have ended and were not exported yet, up to a limit; beyond it the newest are dropped and counted.
///
/// A ``SpanTracer`` fills it, one ``SpanExporter`` empties it.
public final class SpanBuffer: Sendable {
    private let capacity: Int
    private let overflow: Counter
    private let late: Counter
    private let state = Mutex(State())

    private struct State {
        var spans: Deque<FinishedSpan> = []
        var isClosed = false
        var mustFlush = false
        /// The exporter, and the number of spans that it waits for.
        var waiter: (waiter: Waiter<Void>, count: Int)?

        /// Ends the wait if what it waits for is there. Returns the task, to be resumed.
        mutating func endWait() -> Wakeup? {
            guard let waiter, spans.count >= waiter.count || (mustFlush && !spans.isEmpty) else { return nil }
            self.waiter = nil
            return waiter.waiter.provide(.success(()))
        }
    }

    /// An empty buffer.
    /// - Parameters:
    ///   - capacity: In spans; below 1 counts as 1.
    ///   - metrics: Where dropped spans are counted.
    public init(capacity: Int = 8192, metrics: any MetricsFactory) {
        self.capacity = max(1, capacity)
        overflow = ExportMetrics.dropped(.bufferFull, metrics)
        late = ExportMetrics.dropped(.afterEnd, metrics)
    }

    func append(_ span: FinishedSpan) {
        let (dropped, wakeup): (Counter?, Wakeup?) = state.withLock { state in
            if state.isClosed { return (late, nil) }
            guard state.spans.count < capacity else { return (overflow, nil) }
            state.spans.append(span)
            return (nil, state.endWait())
        }
        dropped?.increment()
        wakeup?()
    }

    /// At most `limit` spans, the oldest first.
    func take(_ limit: Int) -> [FinishedSpan] {
        state.withLock { state in
            let taken = Array(state.spans.prefix(limit))
            state.spans.removeFirst(taken.count)
            if state.spans.isEmpty { state.mustFlush = false }
            return taken
        }
    }

    /// All that is left; what comes from now on is dropped.
    func close() -> [FinishedSpan] {
        state.withLock { state in
            state.isClosed = true
            defer { state.spans = [] }
            return Array(state.spans)
        }
    }

    /// Ends the wait for more spans if there are any.
    func flush() {
        let wakeup = state.withLock { state in
            state.mustFlush = !state.spans.isEmpty
            return state.endWait()
        }
        wakeup?()
    }

    /// Returns when at least `count` spans are there, at a ``flush()``, or when the task is cancelled. For one task at a
    /// time.
    func wait(for count: Int) async {
        let waiter = Waiter<Void>()
        let wakeup = state.withLock { state in
            // A full buffer is as much as there will be.
            state.waiter = (waiter, min(count, capacity))
            return state.endWait()
        }
        wakeup?()
        try? await waiter.value()
    }
}
