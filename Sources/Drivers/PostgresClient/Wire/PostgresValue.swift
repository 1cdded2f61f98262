package import AntidoteCore

/// A parameter of a statement. `nil` is SQL's NULL.
package enum PostgresValue: Sendable, Hashable {
    case bool(Bool?)
    case integer(Int64?)
    case text(String?)
    case bytes([UInt8]?)
    case timestamp(Timestamp?)
    /// The text of a JSON value, as `jsonb`.
    case json(String?)
    case bools([Bool?])
    case integers([Int64?])
    case texts([String?])
    case byteStrings([[UInt8]?])
    case timestamps([Timestamp?])
    case jsons([String?])

    package var type: PostgresType {
        switch self {
        case .bool: .bool
        case .integer: .int8
        case .text: .text
        case .bytes: .bytea
        case .timestamp: .timestamptz
        case .json: .jsonb
        case .bools: .bools
        case .integers: .int8s
        case .texts: .texts
        case .byteStrings: .byteas
        case .timestamps: .timestamptzs
        case .jsons: .jsonbs
        }
    }
}

extension PostgresValue {
    /// An integer of Swift's usual width.
    package static func integer(_ value: Int) -> PostgresValue { .integer(Int64(value)) }

    /// Integers of Swift's usual width.
    package static func integers(_ values: [Int]) -> PostgresValue { .integers(values.map { Int64($0) }) }
}
