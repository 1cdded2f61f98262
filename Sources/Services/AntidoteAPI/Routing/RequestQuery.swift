import AntidoteCore

/// What stands behind the question mark: parameters that the route knows, each once.
struct RequestQuery: Sendable {
    private var values: [String: String] = [:]

    init() {}

    /// Throws where something is not `known`, twice there, or no text. Values are never repeated in an error: somebody
    /// may have put a secret there.
    init(_ text: String?, known: [String]) throws(APIProblem) {
        for item in (text ?? "").split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(parts[0], plusIsBlank: true),
                let value = PercentEncoding.decode(parts.count > 1 ? parts[1] : "", plusIsBlank: true)
            else { throw APIProblem(.badRequest, .invalidQuery, "the query is not percent-encoded UTF-8") }
            guard known.contains(name) else { throw RequestQuery.unknown(name, known: known) }
            guard values.updateValue(value, forKey: name) == nil else {
                throw APIProblem(.badRequest, .invalidQuery, "the parameter “\(name)” is there twice", place: name)
            }
        }
    }

    subscript(name: String) -> String? { values[name] }

    /// How many are to be listed: `standard` where nothing is said.
    func limit(standard: Int, most: Int) throws(APIProblem) -> Int {
        guard let text = values["limit"] else { return standard }
        guard let number = Int(text), (1...most).contains(number) else {
            throw APIProblem(
                .badRequest,
                .invalidQuery,
                "the parameter “limit” is not a number from 1 to \(most)",
                place: "limit"
            )
        }
        return number
    }

    private static func unknown(_ name: String, known: [String]) -> APIProblem {
        let nearest = NearestWord.to(name, among: known).map { "Did you mean “\($0)”?" }
        return APIProblem(
            .badRequest,
            .invalidQuery,
            "there is no parameter “\(name.prefix(64))” here",
            advice: nearest ?? (known.isEmpty ? "Leave it out." : "There are: \(known.joined(separator: ", "))."),
            place: String(name.prefix(64))
        )
    }
}
