/// How many mutating calls an engine gets at once: grows by little while they take hardly longer than two for each of its
/// processors, and shrinks fast when the engine fails or when waiting in it is most of what they take.
///
/// An engine has a ceiling of starts a second that a few calls in flight reach; more only adds latency.
struct AdaptiveLimit: Sendable, Hashable {
    private(set) var value: Double
    let range: ClosedRange<Double>
    /// So many are never too many, unless the engine fails: they keep its processors busy. Where others do that, calls are
    /// slow however few there are.
    private let easy: Int
    /// The shortest latency seen by kind of call, in seconds.
    private var floors: [String: Double] = [:]
    /// Calls to ignore after a decrease: they began before it.
    private var grace = 0

    /// How much longer than its floor a call may take if the limit is to grow.
    static let ease = 1.25
    /// How much longer than its floor a call may take before the limit shrinks.
    static let tolerance = 3.0
    /// Shorter latencies say nothing about load, in seconds.
    static let noise = 0.25

    init(cpus: Int) {
        easy = max(1, min(cpus, 64)) * 2
        value = Double(easy)
        range = 1...max(8, value * 4)
    }

    /// How many may run now.
    var slots: Int { max(1, Int(value)) }

    /// A call of `kind` has ended; so many were in flight then, it among them.
    mutating func record(kind: String, seconds: Double, failed: Bool, inFlight: Int = 1) {
        let floor = learn(kind, seconds, failed: failed, wasEasy: inFlight <= easy)
        if grace > 0 {
            grace -= 1
            return
        }
        if failed {
            shrink(by: 0.5, to: range.lowerBound)
        } else if seconds > Self.noise, seconds > floor * Self.tolerance {
            shrink(by: 0.8, to: Double(easy))
        } else if seconds <= floor * Self.ease, inFlight >= slots {
            // What took little of the engine says little about it; where there was room, more of it is not missed.
            let weight = seconds / max(seconds, floors.values.max() ?? seconds)
            value = min(range.upperBound, value + weight / value)
        }
    }

    /// What a call of `kind` takes at least. Only one that had few beside it can show that it has become more: of the
    /// others, waiting would be taken for work.
    private mutating func learn(_ kind: String, _ seconds: Double, failed: Bool, wasEasy: Bool) -> Double {
        let known = floors[kind] ?? seconds
        let floor = min(seconds, wasEasy ? known * 1.01 : known)
        if !failed { floors[kind] = floor }
        return floor
    }

    private mutating func shrink(by factor: Double, to least: Double) {
        value = min(value, max(least, value * factor))
        grace = slots
    }
}
