/// The `data` of a CloudEvent: a flat JSON object whose members are in alphabetical order.
public struct EventData: Sendable, Hashable {
    /// A member's value.
    public enum Value: Sendable, Hashable {
        /// A JSON string.
        case text(String)
        /// A JSON number without a fraction.
        case number(Int64)
    }

    struct Member: Sendable, Hashable {
        var key: String
        var value: Value
    }

    private(set) var members: [Member]

    /// The value of the member `key`; `nil` if there is none.
    package subscript(key: String) -> Value? {
        get { members.first { $0.key == key }?.value }
        set {
            let index = members.firstIndex { $0.key >= key } ?? members.endIndex
            if index < members.endIndex, members[index].key == key { members.remove(at: index) }
            if let newValue { members.insert(Member(key: key, value: newValue), at: index) }
        }
    }
}

extension EventData: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, Value)...) {
        members = []
        members.reserveCapacity(elements.count + 1)
        // A vocabulary lists its members in order: then each only has to be appended.
        for (key, value) in elements {
            if let last = members.last, last.key >= key {
                self[key] = value
            } else {
                members.append(Member(key: key, value: value))
            }
        }
    }
}

extension EventData: Codable {
    private struct MemberKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: MemberKey.self)
        self = [:]
        for key in container.allKeys { self[key.stringValue] = try container.decode(Value.self, forKey: key) }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: MemberKey.self)
        for member in members { try container.encode(member.value, forKey: MemberKey(stringValue: member.key)) }
    }
}

extension EventData.Value: Codable {
    /// The text, if the value is one.
    package var text: String? { if case .text(let text) = self { text } else { nil } }

    /// The number, if the value is one.
    package var number: Int64? { if case .number(let number) = self { number } else { nil } }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else {
            self = .number(try container.decode(Int64.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        }
    }
}

extension EventData.Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int64) { self = .number(value) }
}
