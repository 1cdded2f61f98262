import AntidoteCore

/// A request to the API, as it goes over the wire.
struct WebRequest {
    var bytes: [UInt8]

    init(_ method: String, _ path: String, token: String? = nil, body: String? = nil) {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
        if let token { head += "Authorization: Bearer \(token)\r\n" }
        if let body { head += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
        bytes = Array((head + "\r\n" + (body ?? "")).utf8)
    }
}

struct WebAnswer {
    var status: Int
    /// Its head and its body.
    var bytes: ArraySlice<UInt8>

    /// What comes after `mark`, up to a quotation mark or the end of a line.
    func text(after mark: [UInt8]) -> String? { bytes.text(after: mark) }
}

/// A connection to the API that is kept: one request at a time.
final class WebLine {
    let socket: LoadSocket
    /// Whose request is under way.
    var asker: Int?

    init(port: Int) throws { socket = try LoadSocket(port: port) }

    func send(_ request: WebRequest, for asker: Int) throws {
        self.asker = asker
        try socket.send(request.bytes)
    }

    /// The answer, once all of it has come.
    func takeAnswer() -> WebAnswer? {
        guard let end = socket.received.firstRange(of: Self.endOfHead)?.upperBound, end > 12 else { return nil }
        let head = socket.received[..<end]
        let length = head.number(after: Self.contentLength) ?? 0
        guard socket.received.count >= end + length else { return nil }
        let answer = WebAnswer(
            status: socket.received[9..<12].reduce(0) { $0 * 10 + Int($1) - 48 },
            bytes: socket.received[..<(end + length)]
        )
        socket.received.removeFirst(end + length)
        return answer
    }

    private static let endOfHead = Array("\r\n\r\n".utf8)
    private static let contentLength = Array("content-length: ".utf8)
}

extension ArraySlice<UInt8> {
    /// Letters of either case are the same.
    func place(after mark: [UInt8]) -> Int? {
        guard count >= mark.count else { return nil }
        return withUnsafeBufferPointer { bytes in
            for start in 0...(bytes.count - mark.count) {
                var length = 0
                while length < mark.count, bytes[start + length] | 0x20 == mark[length] | 0x20 { length += 1 }
                if length == mark.count { return startIndex + start + length }
            }
            return nil
        }
    }

    func number(after mark: [UInt8]) -> Int? {
        guard let start = place(after: mark) else { return nil }
        return Int(String(decoding: self[start...].prefix { (48...57).contains($0) }, as: UTF8.self))
    }

    func text(after mark: [UInt8]) -> String? {
        guard let start = place(after: mark) else { return nil }
        return String(decoding: self[start...].prefix { $0 != 0x22 && $0 != 0x0D }, as: UTF8.self)
    }
}
