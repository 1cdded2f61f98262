/// Looks over a text before the parser does, for what makes that take time or memory out of all proportion.
///
/// The parser shares what an alias repeats, so that aliases alone cost nothing before they are followed, which is
/// counted. Keys are hashed, though, and hashing follows them: a key that is or holds an alias, which nothing honest
/// needs, is refused. Any item of a mapping in braces may be such a key. This errs towards refusing: it sees no
/// difference between YAML and text that looks like it, but that must look like an anchor, an alias and such a key all
/// at once.
enum YAMLGuard {
    static func check(_ bytes: [UInt8]) throws(YAMLFault) {
        var hasAnchor = false
        var hasAlias = false
        var suspect: Int?
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "&"): hasAnchor = hasAnchor || isAnchor(bytes, index + 1)
            case UInt8(ascii: "*"):
                guard isAnchor(bytes, index + 1) else { continue }
                hasAlias = true
                if suspect == nil, isKeyEnd(bytes, endOfAnchor(bytes, index + 1)) { suspect = index }
            case UInt8(ascii: "{"): suspect = suspect ?? index
            case UInt8(ascii: "]"):
                if suspect == nil, isKeyEnd(bytes, index + 1) { suspect = index }
            case UInt8(ascii: "?"):
                if suspect == nil, isKeyIndicator(bytes, index) { suspect = index }
            default: continue
            }
        }
        if hasAnchor, hasAlias, let suspect {
            throw YAMLFault(
                rule: .yamlTooComplex,
                location: location(of: suspect, in: bytes),
                message: "a file with anchors and aliases has a key that is more than a word, or braces"
            )
        }
    }

    /// What libyaml takes for the name of an anchor.
    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func isAnchor(_ bytes: [UInt8], _ index: Int) -> Bool {
        index < bytes.count && isWord(bytes[index])
    }

    private static func endOfAnchor(_ bytes: [UInt8], _ index: Int) -> Int {
        var index = index
        while index < bytes.count, isWord(bytes[index]) { index += 1 }
        return index
    }

    /// Whether the question mark at `index` may stand for itself: not in a word, unless that is an anchor's.
    private static func isKeyIndicator(_ bytes: [UInt8], _ index: Int) -> Bool {
        var start = index
        while start > 0, isWord(bytes[start - 1]) { start -= 1 }
        guard start > 0, start < index else { return true }
        return bytes[start - 1] == UInt8(ascii: "&") || bytes[start - 1] == UInt8(ascii: "*")
    }

    /// Whether a colon follows, after blanks at most.
    private static func isKeyEnd(_ bytes: [UInt8], _ index: Int) -> Bool {
        var index = index
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
        return index < bytes.count && bytes[index] == UInt8(ascii: ":")
    }

    private static func location(of index: Int, in bytes: [UInt8]) -> Location {
        var before = bytes[..<index]
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if before.starts(with: mark) { before = before.dropFirst(mark.count) }
        return TextEnd.location(of: String(decoding: before, as: UTF8.self))
    }
}
