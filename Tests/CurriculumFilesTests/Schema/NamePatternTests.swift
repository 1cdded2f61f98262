import Testing

@testable import CurriculumFiles

/// A pattern decides about names in two ways, by itself and as a regular expression: they must agree.
@Suite struct NamePatternTests {
    static let names = [
        "", "a", "0", "-", ".", "_", "A", "Z9", "a-", "-a", "a-b", "a--b", "1a", "a1", "10", "true", "eth0", "eth00",
        "lo",
        "loo", "..", "...", ".a", "a.", "a_b", "a b", "a\nb", "a\n", "größe", "a\u{301}", "é", "ab\u{200B}",
        String(repeating: "a", count: 15), String(repeating: "a", count: 16), String(repeating: "a", count: 63),
        String(repeating: "a", count: 64),
    ]

    @Test(arguments: [NamePattern.label, .endpoint, .imageSlug, .interface].map(\.expression))
    func bothWaysAgree(expression: String) throws {
        let patterns = [NamePattern.label, .endpoint, .imageSlug, .interface]
        let pattern = try #require(patterns.first { $0.expression == expression })
        let regex = try Regex(expression)
        for name in Self.names {
            // `$` also matches before a line break at the end here, which it does not in ECMA 262.
            let matches =
                name.hasSuffix("\n") ? false : try regex.matchingSemantics(.unicodeScalar).wholeMatch(in: name) != nil
            #expect(pattern.accepts(name) == matches, "\(name.debugDescription) and \(expression)")
        }
    }

    @Test(arguments: ["a", "a-b", "10", "0", "x1", String(repeating: "a", count: 63)])
    func aLabelIsPartOfAHostName(_ name: String) { #expect(NamePattern.label.accepts(name)) }

    @Test(arguments: ["", "-a", "a-", "A", "a.b", "a_b", "ä", String(repeating: "a", count: 64)])
    func whatIsNoPartOfAHostNameIsNoLabel(_ name: String) { #expect(!NamePattern.label.accepts(name)) }
}
