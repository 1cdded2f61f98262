import PostgresClient

/// A column of a table: its name, its type, and how it is written and read.
struct Column<Row: Sendable>: Sendable {
    let name: String
    let type: PostgresType
    let isNullable: Bool
    /// The values of many rows, as one array.
    let values: @Sendable ([Row]) throws -> PostgresValue

    init(
        _ name: String,
        _ type: PostgresType,
        isNullable: Bool = false,
        _ values: @escaping @Sendable ([Row]) throws -> PostgresValue
    ) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
        self.values = values
    }

    static func text(_ name: String, _ value: @escaping @Sendable (Row) -> String) -> Column {
        Column(name, .text) { .texts($0.map(value)) }
    }

    static func textIfAny(_ name: String, _ value: @escaping @Sendable (Row) -> String?) -> Column {
        Column(name, .text, isNullable: true) { .texts($0.map(value)) }
    }

    static func number(_ name: String, _ value: @escaping @Sendable (Row) -> Int) -> Column {
        Column(name, .int8) { .integers($0.map { Int64(value($0)) }) }
    }

    static func numberIfAny(_ name: String, _ value: @escaping @Sendable (Row) -> Int64?) -> Column {
        Column(name, .int8, isNullable: true) { .integers($0.map(value)) }
    }

    static func flag(_ name: String, _ value: @escaping @Sendable (Row) -> Bool) -> Column {
        Column(name, .bool) { .bools($0.map(value)) }
    }

    static func json(_ name: String, _ value: @escaping @Sendable (Row) throws -> String) -> Column {
        Column(name, .jsonb) { .jsons(try $0.map(value)) }
    }

    static func jsonIfAny(_ name: String, _ value: @escaping @Sendable (Row) throws -> String?) -> Column {
        Column(name, .jsonb, isNullable: true) { .jsons(try $0.map(value)) }
    }
}

extension Column {
    var definition: String {
        // Bytes are compared as Swift compares them.
        let collation = type == .text ? " collate \"C\"" : ""
        return "\(name) \(type.sqlName)\(collation)\(isNullable ? "" : " not null")"
    }
}

extension PostgresType {
    var sqlName: String {
        switch self {
        case .bool: "boolean"
        case .bytea: "bytea"
        case .int8: "bigint"
        case .int2: "smallint"
        case .int4: "integer"
        case .text, .varchar: "text"
        case .timestamptz: "timestamptz"
        case .jsonb: "jsonb"
        case .bools, .byteas, .texts, .int8s, .timestamptzs, .jsonbs: element.sqlName + "[]"
        }
    }
}

extension Array {
    func names<Row>() -> String where Element == Column<Row> { map(\.name).joined(separator: ", ") }

    /// `$1::text[], $2::bigint[]` and so on: one array for each column.
    func arrays<Row>() -> String where Element == Column<Row> {
        enumerated().map { "$\($0 + 1)::\($1.type.sqlName)[]" }.joined(separator: ", ")
    }
}
