import AntidoteCore

/// Makes the output of a stranger's program fit to be shown in a terminal or on a page.
enum CleanText {
    /// Escape sequences and control characters go, apart from line ends and tabs; each of `secrets` is replaced.
    ///
    /// `isCut`: the text had a beginning that is lost. Then some of it goes that may be the end of a secret.
    static func make(from bytes: some Sequence<UInt8>, without secrets: [Secret], isCut: Bool = false) -> String {
        let known = secrets.flatMap(forms).sorted { $0.count > $1.count }
        // By bytes: a secret is one also before a combining character.
        var clean = withoutControls(Array(bytes))
        for secret in known { clean = clean.replacing(secret, with: Array("<redacted>".utf8)) }
        if isCut, let longest = known.first { clean = Array(clean.dropFirst(longest.count - 1)) }
        return String(decoding: clean, as: UTF8.self)
    }

    /// As what a secret may be printed: as a whole, or its lines, without what is taken out of any text.
    ///
    /// A very short one would eat up the text, and is none.
    private static func forms(of secret: Secret) -> [[UInt8]] {
        let whole = withoutControls(Array(secret.reveal().utf8))
        let lines = whole.split(separator: UInt8(ascii: "\n")).map { Array($0) }
        return lines.count == 1 ? lines.filter { $0.count >= 4 } : ([whole] + lines).filter { $0.count >= 8 }
    }

    private static func withoutControls(_ bytes: [UInt8]) -> [UInt8] {
        enum State { case text, escape, control, string, stringEscape }
        var state = State.text
        var result: [UInt8] = []
        for byte in bytes {
            switch state {
            case .text:
                if byte == 0x1B {
                    state = .escape
                } else if (0x80...0x9F).contains(byte), result.last == 0xC2 {
                    // The other control characters of Unicode, U+0080 to U+009F: some terminals obey them.
                    result.removeLast()
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
