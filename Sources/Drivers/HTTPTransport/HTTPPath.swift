/// Builds and checks request targets: a percent-encoded path and query.
public enum HTTPPath {
    /// A target from raw components and query items, everything outside RFC 3986's unreserved characters encoded.
    ///
    /// A component cannot leave its place: a slash in it is encoded, and `.`, `..` and an empty one are refused.
    /// - Throws: `.invalidRequest`.
    public static func encode(
        _ components: [String],
        query: [(name: String, value: String)] = []
    ) throws(HTTPTransportError) -> String {
        var target = ""
        for component in components {
            guard !component.isEmpty, component != ".", component != ".." else {
                throw HTTPTransportError(.invalidRequest, "a path component is empty or a dot segment")
            }
            target += "/" + encoded(component)
        }
        if target.isEmpty { target = "/" }
        for (index, item) in query.enumerated() {
            target += (index == 0 ? "?" : "&") + encoded(item.name) + "=" + encoded(item.value)
        }
        return target
    }

    /// Refuses a target that is not an absolute path of visible ASCII, or has a fragment.
    static func validate(_ target: String) throws(HTTPTransportError) {
        guard target.utf8.first == UInt8(ascii: "/") else {
            throw HTTPTransportError(.invalidRequest, "the path does not begin with a slash")
        }
        guard target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
            throw HTTPTransportError(.invalidRequest, "the path has characters that must be percent-encoded")
        }
        guard target.utf8.count <= 64 * 1024 else {
            throw HTTPTransportError(.invalidRequest, "the path is longer than 64 KiB")
        }
    }

    /// The target without the values of its query, which may be secret, and not longer than a log line bears.
    static func redacted(_ target: String) -> String {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts.first.map { String($0.prefix(200)) } ?? ""
        guard parts.count == 2 else { return path }
        let names = parts[1].split(separator: "&").prefix(20).map { item in
            // An item without "=" may itself be a secret.
            item.firstIndex(of: "=").map { item[..<$0].prefix(40) + "=…" } ?? "…"
        }
        return path + "?" + names.joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
