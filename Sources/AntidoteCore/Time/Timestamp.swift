/// A moment of wall-clock time, in microseconds since 1970-01-01 00:00 UTC.
public struct Timestamp: Sendable, Hashable, Comparable, Codable {
    /// Since the beginning of 1970 in UTC.
    public var microseconds: Int64

    /// So many microseconds after the beginning of 1970.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// The beginning of 1970.
    package static let zero = Timestamp(microseconds: 0)

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

    /// The time `right` later, to the microsecond.
    public static func + (left: Timestamp, right: Duration) -> Timestamp {
        Timestamp(microseconds: left.microseconds.addingClamped(right.wholeMicroseconds))
    }

    /// How much later `left` is than `right`.
    public static func - (left: Timestamp, right: Timestamp) -> Duration {
        .microseconds(left.microseconds) - .microseconds(right.microseconds)
    }

    public init(from decoder: any Decoder) throws {
        microseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(microseconds)
    }
}

extension Duration {
    /// This duration rounded towards zero; the nearest bound where it does not fit.
    package var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        if overflow { return seconds > 0 ? .max : .min }
        return scaled.addingClamped(attoseconds / 1_000_000_000_000)
    }

    /// For people and for metrics only: loses precision.
    package var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}

extension Int64 {
    fileprivate func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        guard overflow else { return sum }
        return other > 0 ? .max : .min
    }
}
