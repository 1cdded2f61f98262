/// Cuts bytes into lines at LF, without the LF and a CR before it. A value: bytes in, lines out.
struct LineSplitter {
    /// The longest line, in bytes.
    let limit: Int
    private var buffer: [UInt8] = []
    /// Where the current line begins in `buffer`, and how far it was searched.
    private var start = 0
    private var searched = 0

    init(limit: Int) {
        self.limit = limit
    }

    mutating func append(_ bytes: [UInt8]) {
        if start == buffer.count {
            buffer = bytes
        } else {
            buffer.removeSubrange(..<start)
            buffer += bytes
        }
        searched -= start
        start = 0
    }

    /// The next whole line, or `nil` when more bytes are needed.
    mutating func next() throws(HTTPTransportError) -> [UInt8]? {
        guard let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
            searched = buffer.count
            // A CR that may still belong to the line's end does not count.
            guard buffer.count - start <= limit + 1 else { throw tooLong }
            return nil
        }
        let line = Self.withoutCarriageReturn(buffer[start..<end])
        guard line.count <= limit else { throw tooLong }
        start = end + 1
        searched = start
        return line
    }

    /// What is left when the bytes end: a last line without LF.
    mutating func finish() throws(HTTPTransportError) -> [UInt8]? {
        let rest = Self.withoutCarriageReturn(buffer[start...])
        buffer = []
        start = 0
        searched = 0
        guard rest.count <= limit else { throw tooLong }
        return rest.isEmpty ? nil : rest
    }

    private var tooLong: HTTPTransportError {
        HTTPTransportError(.lineTooLong, "a line of the stream is longer than \(limit) bytes")
    }

    private static func withoutCarriageReturn(_ line: ArraySlice<UInt8>) -> [UInt8] {
        line.last == UInt8(ascii: "\r") ? Array(line.dropLast()) : Array(line)
    }
}
