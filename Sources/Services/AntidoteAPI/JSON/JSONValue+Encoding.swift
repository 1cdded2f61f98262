import AntidoteCore

extension JSONValue {
    /// The value as UTF-8, without blanks.
    var encoded: [UInt8] {
        var json = JSONText(escaping: .readable)
        write(to: &json)
        return json.bytes
    }

    private func write(to json: inout JSONText) {
        switch self {
        case .null: json.null()
        case .boolean(let value): json.boolean(value)
        case .integer(let value): json.integer(value)
        case .number(let value): json.number(value)
        case .string(let text): json.string(text)
        case .array(let elements):
            json.array { json in
                for element in elements { element.write(to: &json) }
            }
        case .object(let members):
            json.object { json in
                for member in members {
                    json.key(member.key)
                    member.value.write(to: &json)
                }
            }
        }
    }
}
