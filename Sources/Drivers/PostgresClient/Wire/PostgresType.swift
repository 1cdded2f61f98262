/// The types that parameters and results may have, by the server's numbers for them.
package enum PostgresType: UInt32 {
    case bool = 16
    case bytea = 17
    case int8 = 20
    case int2 = 21
    case int4 = 23
    case text = 25
    case varchar = 1043
    case timestamptz = 1184
    case jsonb = 3802
    case bools = 1000
    case byteas = 1001
    case texts = 1009
    case int8s = 1016
    case timestamptzs = 1185
    case jsonbs = 3807

    /// Of what an array of this type holds.
    package var element: PostgresType {
        switch self {
        case .bools: .bool
        case .byteas: .bytea
        case .texts: .text
        case .int8s: .int8
        case .timestamptzs: .timestamptz
        case .jsonbs: .jsonb
        default: self
        }
    }
}
