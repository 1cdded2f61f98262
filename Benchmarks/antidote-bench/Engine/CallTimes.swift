import Metrics
import Synchronization

/// The seconds that calls of one kind took, in whatever order: for the backend through its own metrics.
final class CallTimes: MetricsFactory {
    /// What the engine is asked for when something starts.
    static let start = "container.start"

    private let taken = Mutex<[Double]>([])

    func add(_ seconds: Double) { taken.withLock { $0.append(seconds) } }

    /// Those since it was last asked.
    func take() -> [Double] {
        taken.withLock { taken in
            defer { taken = [] }
            return taken
        }
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let isStart =
            label == "antidote_docker_call_seconds" && dimensions.contains { $0 == ("call", Self.start) }
            && dimensions.contains { $0 == ("outcome", "ok") }
        return isStart ? StartTimer(times: self) : NOOPMetricsHandler.instance
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        NOOPMetricsHandler.instance
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        NOOPMetricsHandler.instance
    }

    func destroyTimer(_ handler: any TimerHandler) {}
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
}

private final class StartTimer: TimerHandler {
    private let times: CallTimes

    init(times: CallTimes) { self.times = times }

    func recordNanoseconds(_ duration: Int64) { times.add(Double(duration) / 1_000_000_000) }
}
