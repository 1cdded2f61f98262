/// Takes a key out of a text without moving anything else, so that a later one of the same name counts.
///
/// The parser refuses a mapping with a key that comes twice, where others let the last one count and curricula rely
/// on that. So the earlier key is replaced by letters that no key has, as many as it has, and the text parsed again.
enum KeyEraser {
    /// Letters of Unicode's private use area: YAML allows them, nobody types them.
    private static let letters = 0xE000...0xF8FF

    /// Whether `key` is one that was taken out.
    static func isErased(_ key: String) -> Bool {
        guard let first = key.unicodeScalars.first else { return false }
        return letters.contains(Int(first.value))
    }

    /// The text with the key at `location` replaced; `nil` where there is none that can be.
    static func erase(at location: Location, in text: String) -> String? {
        var scalars = Array(text.unicodeScalars)
        guard var index = index(of: location, in: scalars) else { return nil }
        let quote: Unicode.Scalar? = scalars[index] == "\"" || scalars[index] == "'" ? scalars[index] : nil
        if quote != nil { index += 1 }
        // The letter follows from the place, so that two keys taken out of one mapping differ.
        guard let letter = Unicode.Scalar(letters.lowerBound + (location.line * 31 + location.column) % letters.count)
        else { return nil }
        let start = index
        while index < scalars.count, isPart(scalars[index], of: quote) {
            scalars[index] = letter
            index += 1
        }
        guard index > start else { return nil }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars)
        return String(result)
    }

    /// Only plain words are taken out; what has an escape, a space or a line break in it is left to the parser.
    private static func isPart(_ scalar: Unicode.Scalar, of quote: Unicode.Scalar?) -> Bool {
        if let quote { return scalar != quote && scalar != "\\" && scalar != "\n" && scalar != "\r" }
        return scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || ["_", "-", "."].contains(scalar)
    }

    /// Lines end as libyaml ends them.
    private static func index(of location: Location, in scalars: [Unicode.Scalar]) -> Int? {
        var index = 0
        var line = 1
        while line < location.line {
            guard index < scalars.count else { return nil }
            switch scalars[index] {
            case "\r":
                line += 1
                if index + 1 < scalars.count, scalars[index + 1] == "\n" { index += 1 }
            case "\n", "\u{85}", "\u{2028}", "\u{2029}": line += 1
            default: break
            }
            index += 1
        }
        index += location.column - 1
        return index < scalars.count ? index : nil
    }
}
