extension Double {
    /// With so many digits after the point, and commas between thousands.
    func text(_ digits: Int = 0) -> String {
        guard isFinite else { return "–" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (magnitude * scale).rounded()
        guard scaled < 1e15 else { return "\(self)" }
        let whole = String(Int64(scaled) / Int64(scale))
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { grouped.append(",") }
            grouped.append(digit)
        }
        let sign = self < 0 && scaled > 0 ? "-" : ""
        if digits == 0 { return sign + grouped }
        let fraction = String(Int64(scaled) % Int64(scale))
        return "\(sign)\(grouped).\(String(repeating: "0", count: digits - fraction.count))\(fraction)"
    }

    /// As a number of milliseconds or microseconds, for a number of seconds.
    var asTime: String {
        if self >= 1 { return "\(text(2)) s" }
        if self >= 0.001 { return "\((self * 1e3).text(self >= 0.1 ? 0 : 1)) ms" }
        return "\((self * 1e6).text(1)) µs"
    }

    /// As a number of KiB or MiB, for a number of bytes.
    var asMemory: String {
        magnitude >= 1_048_576 ? "\((self / 1_048_576).text(1)) MiB" : "\((self / 1024).text(1)) KiB"
    }
}
