@testable import HTTPTransport

/// What the transport takes apart itself: libcurl does the rest.
enum HTTPTargets {
    static func http(_ bytes: [UInt8]) {
        head(bytes)
        path(bytes)
        lines(bytes)
    }

    /// The lines of a head, as libcurl hands them over.
    private static func head(_ bytes: [UInt8]) {
        var parser = HeadParser(limit: 2048)
        var size = 0
        var hasEnded = false
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            size += line.count + 1
            switch parser.feed(line + [UInt8(ascii: "\n")]) {
            case .more: require(size <= 2048 || hasEnded, "more than its limit is taken")
            case .head(let head):
                hasEnded = true
                require((200...999).contains(head.status), "the status \(head.status)")
                for field in head.headers.fields {
                    require(!field.name.isEmpty && !field.name.contains(":"), "the name “\(field.name)”")
                    require(!field.value.contains("\n") && !field.value.contains("\r"), "a value with a line end")
                    require(head.headers[field.name.asciiUppercased] != nil, "case matters")
                }
            case .tooLarge:
                require(size > 2048, "\(size) bytes are too large")
                return
            case .malformed: return
            }
        }
    }

    /// Whatever a name is, it stays in its place in the path, and the query's values are not shown.
    private static func path(_ bytes: [UInt8]) {
        let text = String(decoding: bytes.prefix(300), as: UTF8.self)
        if let path = try? HTTPPath.encode(["containers", text, "json"], query: [("name", text)]) {
            do { try HTTPPath.validate(path) } catch { require(false, "\(path): \(error)") }
            require(path.split(separator: "?")[0].split(separator: "/").count == 3, "it left its place: \(path)")
            let shown = HTTPPath.redacted(path)
            require(shown.hasSuffix("?name=…"), "the query shows: \(shown)")
        } else {
            require(["", ".", ".."].contains(text), "“\(text)” is refused")
        }
    }

    /// Lines are the same however the bytes come, and too long a line is an error in any case.
    private static func lines(_ bytes: [UInt8]) {
        var cuts = Cuts(bytes)
        require(split([bytes], limit: 64) == split(cuts.chunks(of: bytes), limit: 64), "lines depend on the chunks")
    }

    private static func split(_ chunks: [[UInt8]], limit: Int) -> [[UInt8]] {
        var splitter = LineSplitter(limit: limit)
        var lines: [[UInt8]] = []
        do {
            for chunk in chunks {
                splitter.append(chunk)
                while let line = try splitter.next() { lines.append(line) }
            }
            if let rest = try splitter.finish() { lines.append(rest) }
        } catch {
            lines.append(Array("\(error.code)".utf8))
        }
        for line in lines { require(line.count <= limit, "a line of \(line.count) bytes") }
        return lines
    }
}

extension String {
    fileprivate var asciiUppercased: String {
        String(decoding: utf8.map { (0x61...0x7A).contains($0) ? $0 ^ 0x20 : $0 }, as: UTF8.self)
    }
}
