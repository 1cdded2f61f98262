/// One request of the backend, as it came over the wire.
struct EngineRequest: Sendable {
    let method: String
    /// Without the version of the API.
    let path: [String]
    let query: String
    private let head: [UInt8]
    private let body: [UInt8]

    /// Reads one from `descriptor`. `nil` if it ends before.
    init?(from descriptor: Int32) {
        let end = Array("\r\n\r\n".utf8)
        var bytes: [UInt8] = []
        var range = bytes.firstRange(of: end)
        while range == nil {
            guard let more = LocalSocket.receive(from: descriptor) else { return nil }
            bytes += more
            range = bytes.firstRange(of: end)
        }
        guard let range else { return nil }
        let lines = String(decoding: bytes[..<range.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3 else { return nil }
        let length = lines.compactMap { line -> Int? in
            guard line.lowercased().hasPrefix("content-length:") else { return nil }
            return Int(line.split(separator: ":")[1].trimmingPrefix(" "))
        }
        var content = Array(bytes[range.upperBound...])
        while content.count < length.first ?? 0 {
            guard let more = LocalSocket.receive(from: descriptor) else { return nil }
            content += more
        }
        method = String(words[0])
        let parts = words[1].split(separator: "?", maxSplits: 1)
        let path = parts[0].split(separator: "/").map { String($0) }
        self.path = path.first?.hasPrefix("v1.") == true ? Array(path.dropFirst()) : path
        query = parts.count > 1 ? String(parts[1]) : ""
        head = Array(bytes[..<range.lowerBound])
        body = content
    }

    /// The same for the engine, of which it is the connection's only one: so the answer ends with its connection.
    var forwarded: [UInt8] { head + Array("\r\nConnection: close\r\n\r\n".utf8) + body }
}
