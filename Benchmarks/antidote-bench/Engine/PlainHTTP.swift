import AntidoteCore
import Foundation

/// A request to the engine, as it goes over the wire.
struct PlainRequest: Sendable {
    var method: String
    /// With its query.
    var path: String
    var contentType = "application/json"
    var body: [UInt8] = []

    /// One request a connection: the answer ends where the connection does.
    var bytes: [UInt8] {
        let head = """
            \(method) \(path) HTTP/1.1\r
            Host: docker\r
            Content-Type: \(contentType)\r
            Content-Length: \(body.count)\r
            Connection: close\r
            \r

            """
        return Array(head.utf8) + body
    }

    /// Reads one off a socket. `nil` if nothing came.
    init?(from socket: borrowing PlainSocket) throws {
        var bytes: [UInt8] = []
        var head: PlainHead?
        while true {
            if head == nil { head = PlainHead(bytes) }
            if let head, bytes.count >= head.end + head.length { break }
            let more = try socket.read()
            if more.isEmpty { return nil }
            bytes += more
        }
        guard let head else { return nil }
        let words = head.firstLine.split(separator: " ")
        guard words.count == 3 else { return nil }
        method = String(words[0])
        path = String(words[1])
        contentType = head.fields["content-type"] ?? contentType
        body = Array(bytes[head.end..<(head.end + head.length)])
    }

    init(_ method: String, _ path: String, body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.body = body
    }
}

/// The engine's whole answer.
struct PlainAnswer: Sendable {
    var status: Int
    var body: [UInt8]

    init(_ bytes: [UInt8]) throws {
        guard let head = PlainHead(bytes) else {
            throw AntidoteError(.backendUnavailable, "the engine's answer has no head")
        }
        let words = head.firstLine.split(separator: " ")
        status = words.count > 1 ? Int(words[1]) ?? 0 : 0
        let rest = Array(bytes[head.end...])
        body = head.fields["transfer-encoding"] == "chunked" ? Self.joined(rest) : rest
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(body))
    }

    private static func joined(_ chunks: [UInt8]) -> [UInt8] {
        var body: [UInt8] = []
        var rest = chunks[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\r")),
            let size = Int(String(decoding: rest[..<end], as: UTF8.self), radix: 16), size > 0
        {
            body += rest.dropFirst(end - rest.startIndex + 2).prefix(size)
            rest = rest.dropFirst(end - rest.startIndex + 2 + size + 2)
        }
        return body
    }
}

/// What comes before a body.
private struct PlainHead {
    var firstLine: String
    /// By their names in lower case.
    var fields: [String: String] = [:]
    /// Where the body begins.
    var end: Int
    var length: Int { fields["content-length"].flatMap { Int($0) } ?? 0 }

    /// `nil` if it is not all there.
    init?(_ bytes: [UInt8]) {
        guard let range = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        end = range.upperBound
        let lines = String(decoding: bytes[..<range.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        firstLine = lines.first ?? ""
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
    }
}
