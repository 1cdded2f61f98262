/// What names may look like.
enum Names {
    /// Room for `<endpoint>` and `<presentation>` in the host's name `<instance>-<id>-<endpoint>-<presentation>`, whose
    /// instance has up to 12 characters, whose id has 16, and which has at most 63 in all.
    static let hostNameRoom = 63 - 12 - 16 - 3

    /// Small letters, digits and hyphens inside; at most 63.
    static func isLabel(_ text: String) -> Bool {
        let bytes = text.utf8
        guard bytes.count <= 63, let first = bytes.first, let last = bytes.last else { return false }
        let hyphen = UInt8(ascii: "-")
        guard first != hyphen, last != hyphen else { return false }
        return bytes.allSatisfy { isSmallLetter($0) || isDigit($0) || $0 == hyphen }
    }

    static func isSlug(_ text: String) -> Bool { isLabel(text) }

    /// A label that begins with a letter: Kubernetes wants it of a service's name, and `10` alone is an address.
    static func isEndpoint(_ text: String) -> Bool { isLabel(text) && text.utf8.first.map(isSmallLetter) == true }

    static func isImageSlug(_ text: String) -> Bool {
        isLabel(text.lowercased()) && text.utf8.allSatisfy { $0 < 0x80 }
    }

    /// What Linux takes for an interface's name, less what tools stumble over.
    static func isInterface(_ text: String) -> Bool {
        guard (1...15).contains(text.utf8.count), text != ".", text != "..", text.utf8.first != UInt8(ascii: "-") else {
            return false
        }
        return text.utf8.allSatisfy { isSmallLetter($0 | 0x20) || isDigit($0) || "._-".utf8.contains($0) }
    }

    private static func isSmallLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
