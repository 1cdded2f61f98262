/// Header fields in the order of the wire; names compare without regard to case.
public struct HTTPHeaders: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// One field.
    public struct Field: Sendable, Hashable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public private(set) var fields: [Field]

    public init(_ fields: [Field] = []) {
        self.fields = fields
    }

    public init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field($0.0, $0.1) }
    }

    /// Reading gives the first value of that name; writing replaces all of them.
    public subscript(name: String) -> String? {
        get { fields.first { Self.same($0.name, name) }?.value }
        set {
            fields.removeAll { Self.same($0.name, name) }
            if let newValue { fields.append(Field(name, newValue)) }
        }
    }

    /// Every value of that name.
    public func values(of name: String) -> [String] {
        fields.filter { Self.same($0.name, name) }.map(\.value)
    }

    public mutating func append(_ name: String, _ value: String) {
        fields.append(Field(name, value))
    }

    private static func same(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count
            && zip(left.utf8, right.utf8).allSatisfy { lowercased($0) == lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

extension HTTPHeaders {
    /// Fields that decide how a message is framed are the transport's own.
    private static let reserved = ["content-length", "transfer-encoding", "expect", "connection"]

    /// Refuses what would change the request's shape on the wire; never repeats a value.
    func validate() throws(HTTPTransportError) {
        for field in fields {
            guard HTTPMethod.isToken(field.name) else {
                throw HTTPTransportError(
                    .invalidRequest,
                    "a header's name is empty or has characters not allowed there"
                )
            }
            guard !Self.reserved.contains(where: { Self.same($0, field.name) }) else {
                throw HTTPTransportError(.invalidRequest, "the header \(field.name) is set by the transport itself")
            }
            guard field.value.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else {
                throw HTTPTransportError(
                    .invalidRequest,
                    "the value of the header \(field.name) has control characters"
                )
            }
        }
    }
}
