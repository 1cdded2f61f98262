internal import CPostgreSQL

/// Reads what people write to say where a server is.
package enum ConnectionText {
    /// Every parameter that libpq knows.
    package static let knownParameters: Set<String> = {
        guard let options = PQconndefaults() else { return [] }
        defer { PQconninfoFree(options) }
        return Set(pairs(options).map(\.name))
    }()

    /// The parameters that the text sets.
    package static func parse(_ text: String) throws(PostgresError) -> [String: String] {
        // libpq's message repeats parts of the text.
        var message: UnsafeMutablePointer<CChar>?
        let options = text.utf8.contains(0) ? nil : PQconninfoParse(text, &message)
        if let message { PQfreemem(message) }
        guard let options else {
            throw PostgresError(
                .invalidConfiguration,
                "the address of the database cannot be read",
                advice: "Write postgresql://USER@HOST:PORT/DATABASE, or KEY=VALUE pairs that libpq knows"
            )
        }
        defer { PQconninfoFree(options) }
        var parsed: [String: String] = [:]
        for (name, value) in pairs(options) where value != nil { parsed[name] = value }
        return parsed
    }

    private static func pairs(
        _ options: UnsafeMutablePointer<PQconninfoOption>
    ) -> [(name: String, value: String?)] {
        var pairs: [(String, String?)] = []
        var next = options
        while let keyword = next.pointee.keyword {
            pairs.append((String(cString: keyword), next.pointee.val.map { String(cString: $0) }))
            next += 1
        }
        return pairs
    }
}
