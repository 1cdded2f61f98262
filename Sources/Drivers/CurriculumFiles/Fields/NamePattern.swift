/// What names may look like: decides about a text, and is a regular expression for editors.
struct NamePattern: Sendable {
    /// ASCII characters that a name may begin with, have inside and end with.
    let first: String
    let inside: String
    let last: String
    /// The most characters.
    let limit: Int
    /// Names that are not allowed although they look right.
    var reserved: [String] = []

    private static let small = "abcdefghijklmnopqrstuvwxyz"
    private static let capital = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    private static let digits = "0123456789"

    /// Small letters, digits and hyphens inside: part of an address or of a host's name.
    static let label = NamePattern(first: small + digits, inside: small + digits + "-", last: small + digits, limit: 63)

    /// A label that begins with a letter: Kubernetes wants it of a service's name, and `10` alone is an address.
    static let endpoint = NamePattern(first: small, inside: small + digits + "-", last: small + digits, limit: 63)

    /// A label that may have capital letters.
    static let imageSlug = NamePattern(
        first: capital + small + digits,
        inside: capital + small + digits + "-",
        last: capital + small + digits,
        limit: 63
    )

    /// What Linux takes for an interface's name, less what tools stumble over and what a lab has already.
    static let interface = NamePattern(
        first: capital + small + digits + "._",
        inside: capital + small + digits + "._-",
        last: capital + small + digits + "._-",
        limit: 15,
        reserved: [".", "..", "eth0", "lo"]
    )

    @Sendable func accepts(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard scalars.count <= limit, let head = scalars.first, let tail = scalars.last,
            NamePattern.holds(first, head), scalars.count == 1 || NamePattern.holds(last, tail)
        else { return false }
        return scalars.allSatisfy { NamePattern.holds(inside, $0) } && !reserved.contains(text)
    }

    /// As in ECMA 262, anchored at both ends.
    var expression: String {
        let excluded = reserved.map { $0.replacing(".", with: "\\.") }.joined(separator: "|")
        let body = "\(NamePattern.set(first))(?:\(NamePattern.set(inside)){0,\(limit - 2)}\(NamePattern.set(last)))?"
        return excluded.isEmpty ? "^\(body)$" : "^(?!(?:\(excluded))$)\(body)$"
    }

    private static func holds(_ characters: String, _ scalar: Unicode.Scalar) -> Bool {
        characters.unicodeScalars.contains(scalar)
    }

    private static func set(_ characters: String) -> String {
        var rest = characters
        var set = ""
        for (run, range) in [(capital, "A-Z"), (small, "a-z"), (digits, "0-9")] where rest.contains(run) {
            rest = rest.replacing(run, with: "")
            set += range
        }
        return "[\(set)\(rest)]"
    }
}
