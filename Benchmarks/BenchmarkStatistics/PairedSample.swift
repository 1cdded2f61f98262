/// What was measured next to its floor, again and again: what disturbs the machine disturbs both of a pair.
public struct PairedSample: Sendable, Hashable {
    /// One measurement of each, made one after the other.
    public struct Pair: Sendable, Hashable {
        /// Of what is judged.
        public var measured: Double
        /// Of the least that it could be.
        public var floor: Double

        /// Both in the same unit.
        public init(measured: Double, floor: Double) {
            self.measured = measured
            self.floor = floor
        }
    }

    /// In the order in which they were measured.
    public private(set) var pairs: [Pair] = []

    /// Without any pair.
    public init() {}

    /// Adds a pair.
    public mutating func add(measured: Double, floor: Double) {
        pairs.append(Pair(measured: measured, floor: floor))
    }

    /// The ratio of each pair, and of all of them the median. `nil` without pairs.
    public var ratio: MedianEstimate? { MedianEstimate(pairs.map { $0.measured / $0.floor }) }
    /// Of what is judged, by itself.
    public var measured: MedianEstimate? { MedianEstimate(pairs.map(\.measured)) }
    /// Of the floor, by itself.
    public var floor: MedianEstimate? { MedianEstimate(pairs.map(\.floor)) }
}
