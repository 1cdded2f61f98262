import AntidoteCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A time as the engine writes it: RFC 3339 with up to nine digits behind the point.
struct EngineTime: Sendable, Hashable {
    let timestamp: Timestamp

    /// `nil` for what is no such time.
    init?(_ text: String) {
        guard let dot = text.firstIndex(of: ".") else {
            guard let date = try? Date(text, strategy: Date.ISO8601FormatStyle()) else { return nil }
            timestamp = Timestamp(seconds: Int64(date.timeIntervalSince1970))
            return
        }
        let digits = text[text.index(after: dot)...].prefix { $0.isNumber }
        let zone = text[text.index(dot, offsetBy: digits.count + 1)...]
        guard let date = try? Date(String(text[..<dot]) + zone, strategy: Date.ISO8601FormatStyle()),
            let fraction = Int64((digits + "000000").prefix(6))
        else { return nil }
        timestamp = Timestamp(seconds: Int64(date.timeIntervalSince1970)) + .microseconds(fraction)
    }

    /// As the engine's queries take it, `later` than it is: seconds since 1970 with a fraction. `nil` before 1970.
    func query(_ later: Duration = .zero) -> String? {
        let moment = (timestamp + later).microseconds
        guard moment > 0 else { return nil }
        let fraction = String(moment % 1_000_000)
        let zeros = String(repeating: "0", count: max(0, 6 - fraction.utf8.count))
        return "\(moment / 1_000_000).\(zeros)\(fraction)"
    }
}

extension Timestamp {
    /// So many seconds after the beginning of 1970, or the last moment that there is: an engine may say any number.
    init(seconds: Int64) { self = .zero + .seconds(seconds) }
}
