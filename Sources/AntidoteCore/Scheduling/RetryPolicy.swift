import ConcurrencyKit

/// Capped exponential backoff with jitter.
public struct RetryPolicy: Sendable, Hashable {
    /// Before the second attempt.
    public var firstPause: Duration
    /// No pause is longer.
    public var maxPause: Duration
    /// How many times longer each pause is than the one before.
    public var factor: Double
    /// 0: none. 1: anything between nothing and the full pause.
    public var jitter: Double
    /// The first attempt included.
    public var maxAttempts: Int

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
    public func pause(beforeAttempt attempt: Int, jitter random: Double) -> Duration {
        Backoff(first: firstPause, longest: maxPause, factor: factor, jitter: self.jitter)
            .pause(before: attempt, random: random)
    }
}
