/// What of an engine's answer the backend gets to see: bytes in, bytes out. A value.
struct AnswerSpoiler {
    enum Mode: Sendable, Hashable {
        case through
        /// Nothing of it.
        case nothing
        /// A half.
        case half
        /// Its head, and the beginning of something of which the rest never comes.
        case begun(String)
        /// Its head, with another body.
        case replaced(String)
    }

    private let mode: Mode
    private var seen: [UInt8] = []
    /// Where the body begins.
    private var bodyStart: Int?
    private(set) var isOver = false

    init(_ mode: Mode) { self.mode = mode }

    /// What to send of the next `bytes` of the answer.
    mutating func take(_ bytes: [UInt8]) -> [UInt8] {
        switch mode {
        case .through: return bytes
        case .nothing, .replaced: return []
        case .half, .begun:
            seen += bytes
            var sent: [UInt8] = []
            if bodyStart == nil, let end = seen.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound {
                bodyStart = end
                if hasBody { sent = Array(seen[..<end]) }
            }
            if case .begun(let text) = mode, bodyStart != nil {
                isOver = true
                // A chunk of which more was announced.
                return sent + Array("fff\r\n\(text)".utf8)
            }
            guard let bodyStart, hasBody, seen.count > bodyStart else { return sent }
            isOver = true
            return sent + seen[bodyStart..<(bodyStart + (seen.count - bodyStart + 1) / 2)]
        }
    }

    /// What to send when the answer has ended.
    mutating func finish() -> [UInt8] {
        isOver = true
        switch mode {
        case .through, .nothing: return []
        // Without a body there is only the head to be cut.
        case .half, .begun: return hasBody ? [] : Array(seen.prefix(seen.count / 2))
        case .replaced(let body):
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)"
            return Array((head + "\r\nConnection: close\r\n\r\n" + body).utf8)
        }
    }

    private var hasBody: Bool {
        guard let bodyStart else { return false }
        let head = String(decoding: seen[..<bodyStart], as: UTF8.self)
        return !head.contains("Content-Length: 0\r\n") && !head.contains(" 204 ") && !head.contains(" 304 ")
    }
}
