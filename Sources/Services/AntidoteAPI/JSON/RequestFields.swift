import AntidoteCore

/// The members of a request's body: those that are known, and no others.
struct RequestFields: Sendable {
    private let values: [String: JSONValue]

    /// Throws where `body` is no object, or has a member that is not `known`.
    init(_ body: JSONValue, known: [String]) throws(APIProblem) {
        guard case .object(let members) = body else {
            throw APIProblem(.badRequest, .malformedBody, "the body is \(body.kind), not an object")
        }
        for member in members where !known.contains(member.key) {
            throw APIProblem(
                .badRequest,
                .unknownField,
                "there is no field “\(member.key.prefix(64))”",
                advice: RequestFields.advice(for: member.key, known: known),
                place: String(member.key.prefix(64))
            )
        }
        values = Dictionary(members.map { ($0.key, $0.value) }) { first, _ in first }
    }

    /// A text that must be there, of 1 to `limit` bytes.
    func text(_ name: String, limit: Int = 256) throws(APIProblem) -> String {
        guard let value = values[name] else { throw missing(name) }
        guard case .string(let text) = value else { throw wrong(name, value, not: "a string") }
        guard (1...limit).contains(text.utf8.count) else {
            throw APIProblem(
                .unprocessable,
                .invalidField,
                "the field “\(name)” has not 1 to \(limit) bytes",
                place: name
            )
        }
        return text
    }

    /// A whole number that must be there.
    func integer(_ name: String) throws(APIProblem) -> Int {
        guard let number = try optionalInteger(name) else { throw missing(name) }
        return number
    }

    /// A whole number; `nil` where it is left out.
    func optionalInteger(_ name: String) throws(APIProblem) -> Int? {
        guard let value = values[name] else { return nil }
        guard case .integer(let number) = value else { throw wrong(name, value, not: "a whole number") }
        return Int(clamping: number)
    }

    private func missing(_ name: String) -> APIProblem {
        APIProblem(.unprocessable, .missingField, "the field “\(name)” is missing", place: name)
    }

    private func wrong(_ name: String, _ value: JSONValue, not kind: String) -> APIProblem {
        APIProblem(.unprocessable, .invalidField, "the field “\(name)” is \(value.kind), not \(kind)", place: name)
    }

    private static func advice(for key: String, known: [String]) -> String {
        if let nearest = NearestWord.to(key, among: known) { return "Did you mean “\(nearest)”?" }
        return known.isEmpty ? "Leave it out: there are none." : "There are: \(known.joined(separator: ", "))."
    }
}
