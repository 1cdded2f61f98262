/// OpenTelemetry's JSON for traces, as a receiver reads it: whatever is not as the mapping says does not decode.
enum OTLP {
    struct Request: Decodable {
        var resourceSpans: [ResourceSpans]

        var spans: [Span] { resourceSpans.flatMap(\.scopeSpans).flatMap(\.spans) }
        var resource: [String: Value] { resourceSpans.first?.resource.attributes.values ?? [:] }
    }

    struct ResourceSpans: Decodable {
        var resource: Resource
        var scopeSpans: [ScopeSpans]
    }

    struct Resource: Decodable {
        var attributes: Attributes
    }

    struct ScopeSpans: Decodable {
        struct Scope: Decodable {
            var name: String
            var version: String
        }

        var scope: Scope
        var spans: [Span]
    }

    struct Span: Decodable {
        var traceId: Hex<Sixteen>
        var spanId: Hex<Eight>
        var parentSpanId: Hex<Eight>?
        var traceState: String?
        var flags: UInt32
        var name: String
        var kind: Int
        var startTimeUnixNano: Number
        var endTimeUnixNano: Number
        var attributes: Attributes
        var droppedAttributesCount: Int?
        var events: [Event]
        var droppedEventsCount: Int?
        var links: [Link]
        var droppedLinksCount: Int?
        var status: Status
    }

    struct Event: Decodable {
        var timeUnixNano: Number
        var name: String
        var attributes: Attributes
    }

    struct Link: Decodable {
        var traceId: Hex<Sixteen>
        var spanId: Hex<Eight>
        var attributes: Attributes
    }

    struct Status: Decodable {
        var code: Int?
        var message: String?
    }

    /// A 64-bit number, which this mapping writes as a string.
    struct Number: Decodable, Equatable {
        var value: UInt64

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            guard let value = UInt64(try container.decode(String.self)) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a number")
            }
            self.value = value
        }
    }

    protocol Width { static var digits: Int { get } }
    enum Sixteen: Width { static let digits = 32 }
    enum Eight: Width { static let digits = 16 }

    struct Hex<Size: Width>: Decodable, Hashable {
        var text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            text = try container.decode(String.self)
            let isHex = text.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
            guard text.utf8.count == Size.digits, isHex, text.contains(where: { $0 != "0" }) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an id: \(text)")
            }
        }
    }

    struct Attributes: Decodable {
        private struct Pair: Decodable {
            var key: String
            var value: Value
        }

        var values: [String: Value] = [:]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            for pair in try container.decode([Pair].self) {
                guard values.updateValue(pair.value, forKey: pair.key) == nil else {
                    throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(pair.key) stands twice")
                }
            }
        }

        subscript(_ key: String) -> Value? { values[key] }
    }

    enum Value: Decodable, Equatable {
        case string(String)
        case int(Int64)
        case double(Double)
        case bool(Bool)
        case array([Value])

        private enum Key: String, CodingKey { case stringValue, intValue, doubleValue, boolValue, arrayValue }
        private struct Array: Decodable { var values: [Value] }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            guard container.allKeys.count == 1, let key = container.allKeys.first else {
                throw DecodingError.dataCorrupted(
                    DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "not one value")
                )
            }
            switch key {
            case .stringValue: self = .string(try container.decode(String.self, forKey: key))
            case .boolValue: self = .bool(try container.decode(Bool.self, forKey: key))
            case .arrayValue: self = .array(try container.decode(Array.self, forKey: key).values)
            case .intValue:
                guard let number = Int64(try container.decode(String.self, forKey: key)) else {
                    throw DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: "not a number")
                }
                self = .int(number)
            case .doubleValue:
                if let text = try? container.decode(String.self, forKey: key) {
                    let special = ["NaN": Double.nan, "Infinity": .infinity, "-Infinity": -.infinity]
                    guard let number = special[text] else {
                        throw DecodingError.dataCorruptedError(
                            forKey: key,
                            in: container,
                            debugDescription: "not a number"
                        )
                    }
                    self = .double(number)
                } else {
                    self = .double(try container.decode(Double.self, forKey: key))
                }
            }
        }
    }
}
