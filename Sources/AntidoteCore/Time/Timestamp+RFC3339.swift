extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC, to the microsecond: 27 characters from the year 0 to 9999.
    ///
    /// Written by hand: logs and events write one a line, and the general formatter rounds a millisecond away now and then.
    public var description: String {
        let second = microseconds.dividedRoundingDown(by: 1_000_000)
        let fraction = microseconds - second * 1_000_000
        let day = second.dividedRoundingDown(by: 86_400)
        let inDay = second - day * 86_400
        let (year, month, dayOfMonth) = Self.civil(day)
        let date = "\(year.padded(4))-\(month.padded(2))-\(dayOfMonth.padded(2))"
        let clock = "\((inDay / 3600).padded(2)):\((inDay / 60 % 60).padded(2)):\((inDay % 60).padded(2))"
        return "\(date)T\(clock).\(fraction.padded(6))Z"
    }

    /// Year, month and day of a number of days since 1970-01-01 in the Gregorian calendar, by eras of 400 years that
    /// begin in March.
    private static func civil(_ days: Int64) -> (Int64, Int64, Int64) {
        let shifted = days + 719_468
        let era = shifted.dividedRoundingDown(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}

extension Int64 {
    fileprivate func dividedRoundingDown(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    fileprivate func padded(_ width: Int) -> String {
        let text = String(magnitude)
        return (self < 0 ? "-" : "") + String(repeating: "0", count: Swift.max(0, width - text.utf8.count)) + text
    }
}
