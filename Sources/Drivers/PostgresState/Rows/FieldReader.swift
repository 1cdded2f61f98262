import AntidoteCore
import PostgresClient

/// Reads the columns of a row one after the other.
struct FieldReader {
    private let row: PostgresRow
    private var column = 0

    init(_ row: PostgresRow) { self.row = row }

    mutating func text() throws(PostgresError) -> String { try row.text(next()) }
    mutating func textIfAny() throws(PostgresError) -> String? { try row.textIfAny(next()) }
    mutating func bool() throws(PostgresError) -> Bool { try row.bool(next()) }
    mutating func integer() throws(PostgresError) -> Int64 { try row.integer(next()) }
    mutating func number() throws(PostgresError) -> Int { Int(try integer()) }
    mutating func integerIfAny() throws(PostgresError) -> Int64? { try row.integerIfAny(next()) }
    mutating func timestamp() throws(PostgresError) -> Timestamp { try row.timestamp(next()) }
    mutating func timestampIfAny() throws(PostgresError) -> Timestamp? { try row.timestampIfAny(next()) }
    mutating func jsonIfAny() throws(PostgresError) -> String? { try row.jsonIfAny(next()) }

    mutating func json<Value: Decodable>(_ type: Value.Type) throws(PostgresError) -> Value {
        try RowJSON.value(try row.json(next()))
    }

    mutating func id<ID: StringIdentifier>(_ type: ID.Type) throws(PostgresError) -> ID {
        let text = try text()
        guard let id = ID(rawValue: text) else { throw .unreadable("“\(text.prefix(64))” as \(ID.self)") }
        return id
    }

    mutating func choice<Choice: RawRepresentable<String>>(_ type: Choice.Type) throws(PostgresError) -> Choice {
        let text = try text()
        guard let choice = Choice(rawValue: text) else { throw .unreadable("“\(text.prefix(64))” as \(Choice.self)") }
        return choice
    }

    private mutating func next() -> Int {
        defer { column += 1 }
        return column
    }
}

extension PostgresError {
    static func unreadable(_ what: String) -> PostgresError {
        PostgresError(
            .unexpectedAnswer,
            "a row holds \(what)",
            advice: "Another release may have written it: run the same one everywhere"
        )
    }
}
