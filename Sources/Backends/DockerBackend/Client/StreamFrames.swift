/// Takes apart the stream in which an engine mixes standard output and standard error: frames of an eight-byte
/// header and their bytes. A value: chunks in, pieces out.
struct StreamFrames {
    enum Channel: Sendable, Hashable {
        case standardOutput, standardError
    }

    struct Piece: Sendable, Hashable {
        var channel: Channel
        var bytes: [UInt8]
    }

    private var header: [UInt8] = []
    private var channel = Channel.standardOutput
    private var remaining = 0

    mutating func take(_ chunk: [UInt8]) -> [Piece] {
        var pieces: [Piece] = []
        var rest = chunk[...]
        while !rest.isEmpty {
            if remaining > 0 {
                let part = rest.prefix(remaining)
                pieces.append(Piece(channel: channel, bytes: Array(part)))
                remaining -= part.count
                rest = rest.dropFirst(part.count)
            } else {
                let part = rest.prefix(8 - header.count)
                header += part
                rest = rest.dropFirst(part.count)
                guard header.count == 8 else { break }
                channel = header[0] == 2 ? .standardError : .standardOutput
                remaining = header[4...].reduce(0) { $0 << 8 | Int($1) }
                header.removeAll(keepingCapacity: true)
            }
        }
        return pieces
    }
}
