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
        var spans: [FinishedSpan] = []
        var isClosed = false
        var mustFlush = false
        var turn = 0
        var waiter: Waiter?

        /// The waiter, if what it waits for is there.
        mutating func satisfied() -> Waiter? {
            guard let waiter, spans.count >= waiter.count || (mustFlush && !spans.isEmpty) else { return nil }
            self.waiter = nil
            return waiter
        }
    }

    private struct Waiter {
        var turn: Int
        var count: Int
        var continuation: CheckedContinuation<Void, Never>
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
        let (drop, waiter) = state.withLock { state -> (Counter?, Waiter?) in
            if state.isClosed { return (late, nil) }
            guard state.spans.count < capacity else { return (overflow, nil) }
            state.spans.append(span)
            return (nil, state.satisfied())
        }
        drop?.increment()
        waiter?.continuation.resume()
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
            return state.spans
        }
    }

    /// Whoever waits for more spans gets what is there.
    func flush() {
        let waiter = state.withLock { state in
            state.mustFlush = !state.spans.isEmpty
            return state.satisfied()
        }
        waiter?.continuation.resume()
    }

    /// Returns when at least `count` spans are there, at a ``flush()``, or when the task is cancelled. For one task at a
    /// time.
    func wait(for count: Int) async {
        let turn = state.withLock { state in
            state.turn += 1
            return state.turn
        }
        // A full buffer is as much as there will be.
        let count = min(count, capacity)
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let over = state.withLock { state -> Waiter? in
                    let waiter = Waiter(turn: turn, count: count, continuation: continuation)
                    if Task.isCancelled { return waiter }
                    state.waiter = waiter
                    return state.satisfied()
                }
                over?.continuation.resume()
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard state.waiter?.turn == turn else { return nil }
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.continuation.resume()
        }
    }
}
