import ConcurrencyKit

/// Capped exponential backoff with jitter.
public struct RetryPolicy: Sendable, Hashable {
    package var firstPause: Duration
    package var maxPause: Duration
    package var factor: Double
    package var jitter: Double
    package var maxAttempts: Int

    /// - Parameters:
    ///   - firstPause: The pause before the second attempt.
    ///   - maxPause: The longest pause.
    ///   - factor: How many times longer each pause is than the one before.
    ///   - jitter: The share of each pause that is random: 0 for none, 1 for all of it.
    ///   - maxAttempts: How many attempts are made, the first included.
    public init(
        firstPause: Duration = .seconds(1),
        maxPause: Duration = .seconds(30),
        factor: Double = 2,
        jitter: Double = 0.5,
        maxAttempts: Int = 6
    ) {
        self.firstPause = firstPause
        self.maxPause = maxPause
        self.factor = factor
        self.jitter = jitter
        self.maxAttempts = maxAttempts
    }

    /// The pause before attempt number `attempt`, counted from 1 for the first repetition.
    /// `jitter` is a random number from 0 to 1.
    package func pause(beforeAttempt attempt: Int, jitter random: Double) -> Duration {
        Backoff(first: firstPause, longest: maxPause, factor: factor, jitter: self.jitter)
            .pause(before: attempt, random: random)
    }
}
