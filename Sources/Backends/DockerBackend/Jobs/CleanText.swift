import AntidoteCore

/// Makes the output of a stranger's program fit to be shown in a terminal or on a page.
enum CleanText {
    /// Escape sequences and control characters go, apart from line ends and tabs; each of `secrets` is replaced.
    static func make(from bytes: [UInt8], without secrets: [Secret]) -> String {
        var text = String(decoding: withoutEscapes(bytes), as: UTF8.self)
        // A very short secret would eat up the text, and is none.
        let known = secrets.map { $0.reveal() }.filter { $0.utf8.count >= 4 }.sorted { $0.utf8.count > $1.utf8.count }
        for secret in known { text = text.replacing(secret, with: "<redacted>") }
        return text
    }

    private static func withoutEscapes(_ bytes: [UInt8]) -> [UInt8] {
        enum State { case text, escape, control, string, stringEscape }
        var state = State.text
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for byte in bytes {
            switch state {
            case .text:
                if byte == 0x1B {
                    state = .escape
                } else if byte >= 0x20 && byte != 0x7F || byte == 0x0A || byte == 0x09 {
                    result.append(byte)
                }
            case .escape:
                switch byte {
                case UInt8(ascii: "["): state = .control
                case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
                    state = .string
                case 0x20...0x2F: state = .escape
                default: state = .text
                }
            case .control:
                if (0x40...0x7E).contains(byte) { state = .text }
            case .string:
                if byte == 0x07 || byte == 0x0A { state = .text } else if byte == 0x1B { state = .stringEscape }
            case .stringEscape:
                state = byte == UInt8(ascii: "\\") ? .text : .string
            }
        }
        return result
    }
}
