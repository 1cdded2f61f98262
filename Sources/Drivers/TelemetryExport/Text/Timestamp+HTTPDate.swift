import AntidoteCore

extension Timestamp {
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
