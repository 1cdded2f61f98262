import AntidoteCore

extension Timestamp {
    /// RFC 3339 in UTC, with microseconds: always 27 characters from the year 0 to 9999.
    ///
    /// Written by hand: a log writes one for each line, and the general formatter knows no microseconds.
    var rfc3339: String {
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

    /// The moment of a date of HTTP, such as "Sun, 06 Nov 1994 08:49:37 GMT"; `nil` for anything else.
    init?(httpDate text: String) {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == ":" })
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard text.utf8.count <= 40, parts.count == 8, parts[7] == "GMT",
            let day = Int64(parts[1]), (1...31).contains(day),
            let month = months.firstIndex(of: String(parts[2])),
            let year = Int64(parts[3]), (1970...9999).contains(year),
            let hour = Int64(parts[4]), (0...23).contains(hour),
            let minute = Int64(parts[5]), (0...59).contains(minute),
            let second = Int64(parts[6]), (0...60).contains(second)
        else { return nil }
        let shiftedYear = month < 2 ? year - 1 : year
        let shiftedMonth = Int64(month < 2 ? month + 10 : month - 2)
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + day - 1
        let days = 365 * shiftedYear + shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400 + dayOfYear - 719_468
        self.init(microseconds: (days * 86_400 + hour * 3600 + minute * 60 + second) * 1_000_000)
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
