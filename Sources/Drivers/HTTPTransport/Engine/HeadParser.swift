/// Collects header lines, as libcurl hands them over one by one, into the head of the final answer. A value.
struct HeadParser {
    enum Step: Equatable {
        case more
        case head(HTTPResponseHead)
        case tooLarge
        case malformed
    }

    /// For all lines together, interim answers too.
    let limit: Int
    private var size = 0
    private var status: Int?
    private var headers = HTTPHeaders()
    private var isComplete = false

    init(limit: Int) {
        self.limit = limit
    }

    mutating func feed(_ line: some Collection<UInt8>) -> Step {
        // Trailers after the body come here too; nobody asked for them.
        guard !isComplete else { return .more }
        size += line.count
        guard size <= limit else { return .tooLarge }

        let text = String(decoding: line, as: UTF8.self)
        let content = text.unicodeScalars.filter { $0 != "\r" && $0 != "\n" }
        if content.isEmpty { return endOfBlock() }
        guard status != nil else {
            guard let code = Self.status(of: String(content)) else { return .malformed }
            status = code
            return .more
        }
        append(content)
        return .more
    }

    private mutating func endOfBlock() -> Step {
        guard let code = status else { return .malformed }
        defer {
            status = nil
            headers = HTTPHeaders()
        }
        // An interim answer: the real one follows.
        guard code >= 200 else { return .more }
        isComplete = true
        return .head(HTTPResponseHead(status: code, headers: headers))
    }

    private mutating func append(_ content: String.UnicodeScalarView) {
        // No colon: an old-style folded line or nonsense. Not worth failing a request for.
        guard let colon = content.firstIndex(of: ":"), colon > content.startIndex else { return }
        let value = content[content.index(after: colon)...]
        let isBlank = { (scalar: Unicode.Scalar) in scalar == " " || scalar == "\t" }
        let trimmed = value.drop(while: isBlank)
        let end = trimmed.lastIndex { !isBlank($0) }.map { trimmed.index(after: $0) } ?? trimmed.startIndex
        headers.append(String(content[..<colon]), String(trimmed[..<end]))
    }

    private static func status(of line: String) -> Int? {
        let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[0].hasPrefix("HTTP/1."), parts[1].utf8.count == 3 else { return nil }
        return Int(parts[1]).flatMap { (100...999).contains($0) ? $0 : nil }
    }
}
