/// How long to wait before the next try: longer each time, and never the same for two clients.
struct ReconnectPause: Sendable {
    let bounds: ClosedRange<Duration>
    private(set) var tries = 0

    init(_ bounds: ClosedRange<Duration>) { self.bounds = bounds }

    /// - Parameter random: From 0 to 1.
    mutating func next(random: Double) -> Duration {
        let doubled = bounds.lowerBound * (1 << min(tries, 20))
        tries += 1
        return min(doubled, bounds.upperBound) * (0.5 + random / 2)
    }

    mutating func reset() { tries = 0 }
}
