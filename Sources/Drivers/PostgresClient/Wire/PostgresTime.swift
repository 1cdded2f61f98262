package import AntidoteCore

/// The server counts microseconds from the beginning of 2000, and has room for the years from -4713 to 294276.
package enum PostgresTime {
    private static let epoch: Int64 = 946_684_800_000_000
    private static let earliest: Int64 = -211_813_488_000_000_000
    private static let end: Int64 = 9_223_371_331_200_000_000

    /// Moments that the server has no room for become its `infinity`.
    package static func wire(_ moment: Timestamp) -> Int64 {
        let (value, isTooEarly) = moment.microseconds.subtractingReportingOverflow(epoch)
        if isTooEarly || value < earliest { return .min }
        return value >= end ? .max : value
    }

    package static func moment(_ wire: Int64) -> Timestamp {
        if wire == .min || wire == .max { return Timestamp(microseconds: wire) }
        let (value, isTooLate) = wire.addingReportingOverflow(epoch)
        return Timestamp(microseconds: isTooLate ? .max : value)
    }
}
