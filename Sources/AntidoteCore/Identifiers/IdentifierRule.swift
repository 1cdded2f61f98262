/// Which texts are identifiers of one kind.
public struct IdentifierRule: Sendable {
    /// The rule in words, for error messages.
    package let words: String
    let isKept: @Sendable (String) -> Bool

    static let name = IdentifierRule(words: "1 to 63 characters of a-z, 0-9 and “-”") { text in
        (1...63).contains(text.utf8.count) && text.utf8.allSatisfy(Alphabet.isName)
    }

    static let printable = IdentifierRule(words: "1 to 128 printable ASCII characters without blanks") { text in
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy(Alphabet.isPrintable)
    }

    static let random = IdentifierRule(words: "16 characters of a-z and 2-7") { text in
        text.utf8.count == 16 && text.utf8.allSatisfy(Alphabet.isBase32)
    }

    static let shortName = IdentifierRule(
        words: "1 to 12 characters of a-z, 0-9 and “-”, beginning with a letter"
    ) { text in
        guard let first = text.utf8.first, text.utf8.count <= 12 else { return false }
        return Alphabet.isLowercase(first) && text.utf8.allSatisfy(Alphabet.isName)
    }
}

extension StringIdentifier {
    /// Whether `text` keeps the rule of this identifier.
    package static func isValid(_ text: String) -> Bool { rule.isKept(text) }
}
