package import AntidoteCore
internal import CPostgreSQL

/// One row of an answer. Columns are counted from 0.
///
/// Each accessor throws ``PostgresError`` `unexpectedAnswer`, which names the column, if it has another type; those that
/// return no optional, also if it is NULL.
package struct PostgresRow {
    package let result: PostgresResult
    package let index: Int32

    package func bool(_ column: Int) throws(PostgresError) -> Bool { try present(boolIfAny(column), column) }
    package func integer(_ column: Int) throws(PostgresError) -> Int64 { try present(integerIfAny(column), column) }
    package func text(_ column: Int) throws(PostgresError) -> String { try present(textIfAny(column), column) }
    package func bytes(_ column: Int) throws(PostgresError) -> [UInt8] { try present(bytesIfAny(column), column) }
    package func json(_ column: Int) throws(PostgresError) -> String { try present(jsonIfAny(column), column) }
    package func timestamp(_ column: Int) throws(PostgresError) -> Timestamp {
        try present(timestampIfAny(column), column)
    }

    package func boolIfAny(_ column: Int) throws(PostgresError) -> Bool? {
        try raw(column, [.bool])?.first.map { $0 != 0 }
    }

    package func integerIfAny(_ column: Int) throws(PostgresError) -> Int64? {
        guard let raw = try raw(column, [.int8, .int4, .int2]) else { return nil }
        switch raw.count {
        case 8: return raw.bigEndian(Int64.self)
        case 4: return Int64(raw.bigEndian(Int32.self))
        default: return Int64(raw.bigEndian(Int16.self))
        }
    }

    package func textIfAny(_ column: Int) throws(PostgresError) -> String? {
        try raw(column, [.text, .varchar]).map { String(decoding: $0, as: UTF8.self) }
    }

    package func bytesIfAny(_ column: Int) throws(PostgresError) -> [UInt8]? {
        try raw(column, [.bytea]).map { Array($0) }
    }

    /// The text of a `jsonb`.
    package func jsonIfAny(_ column: Int) throws(PostgresError) -> String? {
        try raw(column, [.jsonb]).map { String(decoding: $0.dropFirst(), as: UTF8.self) }
    }

    package func timestampIfAny(_ column: Int) throws(PostgresError) -> Timestamp? {
        try raw(column, [.timestamptz]).map { PostgresTime.moment($0.bigEndian(Int64.self)) }
    }

    private func present<Value>(_ value: Value?, _ column: Int) throws(PostgresError) -> Value {
        guard let value else { throw unexpected(column, "is NULL") }
        return value
    }

    /// The bytes of a column, which live as long as the answer.
    private func raw(_ column: Int, _ types: [PostgresType]) throws(PostgresError) -> UnsafeRawBufferPointer? {
        let column = Int32(column)
        guard column < PQnfields(result.raw), index < PQntuples(result.raw) else {
            throw PostgresError(.unexpectedAnswer, "an answer has no column \(column), or no such row")
        }
        guard let type = PostgresType(rawValue: PQftype(result.raw, column)), types.contains(type) else {
            throw unexpected(Int(column), "has the type number \(PQftype(result.raw, column))")
        }
        guard PQgetisnull(result.raw, index, column) == 0 else { return nil }
        let bytes = UnsafeRawBufferPointer(
            start: PQgetvalue(result.raw, index, column),
            count: Int(PQgetlength(result.raw, index, column))
        )
        guard let least = type.leastSize, bytes.count < least else { return bytes }
        throw unexpected(Int(column), "is too short")
    }

    private func unexpected(_ column: Int, _ what: String) -> PostgresError {
        let name = PQfname(result.raw, Int32(column)).map { String(cString: $0) } ?? "\(column)"
        return PostgresError(.unexpectedAnswer, "the column “\(name)” of an answer \(what)")
    }
}

extension PostgresType {
    /// Of a value's bytes; `nil` where any size will do.
    fileprivate var leastSize: Int? {
        switch self {
        case .bool, .jsonb: 1
        case .int2: 2
        case .int4: 4
        case .int8, .timestamptz: 8
        default: nil
        }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func bigEndian<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer {
        Integer(bigEndian: loadUnaligned(as: type))
    }
}
