/// How many mutating calls an engine gets at once: grows by little while it answers well, and shrinks fast when it
/// fails or when waiting in it grows beyond what the work itself takes.
///
/// An engine has a ceiling of starts a second that a few calls in flight reach; more only adds latency.
struct AdaptiveLimit: Sendable, Hashable {
    private(set) var value: Double
    let range: ClosedRange<Double>
    /// The shortest latency seen by kind of call, in seconds, forgotten slowly.
    private var floors: [String: Double] = [:]
    /// Calls to ignore after a decrease: they began before it.
    private var grace = 0

    /// How much longer than its floor a call may take before the limit shrinks.
    static let tolerance = 6.0
    /// Shorter latencies say nothing about load, in seconds.
    static let noise = 0.25

    init(cpus: Int) {
        let start = Double(max(1, min(cpus, 64)) * 2)
        range = 1...max(8, start * 4)
        value = start
    }

    /// How many may run now.
    var slots: Int { max(1, Int(value)) }

    /// A call of `kind` has ended.
    mutating func record(kind: String, seconds: Double, failed: Bool) {
        let floor = min(seconds, (floors[kind] ?? seconds) * 1.01)
        if !failed { floors[kind] = floor }
        if grace > 0 {
            grace -= 1
            return
        }
        if failed {
            shrink(by: 0.5)
        } else if seconds > Self.noise, seconds > floor * Self.tolerance {
            shrink(by: 0.8)
        } else {
            value = min(range.upperBound, value + 1 / value)
        }
    }

    private mutating func shrink(by factor: Double) {
        value = max(range.lowerBound, value * factor)
        grace = slots
    }
}
