import HTTPTypes

/// The W3C trace context of a request, as far as it is one.
enum TraceHeaders {
    /// As a row keeps it; empty where there is none.
    static func carrier(_ headers: HTTPFields) -> [String: String] {
        guard let name = HTTPField.Name("traceparent"), headers[values: name].count == 1,
            let parent = headers[name], isParent(parent)
        else { return [:] }
        var carrier = ["traceparent": parent]
        if let name = HTTPField.Name("tracestate") {
            let state = headers[values: name].joined(separator: ",")
            if (1...512).contains(state.utf8.count), state.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) {
                carrier["tracestate"] = state
            }
        }
        return carrier
    }

    private static func isParent(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count >= 4, parts.count == 4 || !parts[0].elementsEqual("00".utf8), text.utf8.count <= 128,
            zip(parts, [2, 32, 16, 2]).allSatisfy({ $0.count == $1 && $0.allSatisfy(isHexadecimal) })
        else { return false }
        return !parts[0].elementsEqual("ff".utf8) && parts[1...2].allSatisfy { $0.contains { $0 != UInt8(ascii: "0") } }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
