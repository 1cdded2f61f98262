/// Capped exponential backoff with jitter.
package struct Backoff: Sendable, Hashable {
    /// The pause before the first repetition.
    package var first: Duration
    /// No pause is longer.
    package var longest: Duration
    /// How many times longer each pause is than the one before.
    package var factor: Double
    /// The share of a pause that is random: 0 for none, 1 for all of it.
    package var jitter: Double

    package init(first: Duration, longest: Duration, factor: Double = 2, jitter: Double = 0) {
        self.first = first
        self.longest = longest
        self.factor = factor
        self.jitter = jitter
    }

    /// The pause before repetition number `repetition`, counted from 1.
    ///
    /// - Parameter random: From 0 to 1. 0 leaves the pause whole, 1 shortens it by the whole jitter.
    package func pause(before repetition: Int, random: Double = 0) -> Duration {
        let cap = longest / .seconds(1)
        var seconds = min(first / .seconds(1), cap)
        var left = repetition - 1
        while left > 0, seconds < cap {
            seconds = min(seconds * factor, cap)
            left -= 1
        }
        return .seconds(seconds * (1 - jitter * random))
    }
}
