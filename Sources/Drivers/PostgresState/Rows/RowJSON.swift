import AntidoteCore
import PostgresClient

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What is kept as JSON in a column. Most of it is empty, which costs nothing here.
enum RowJSON {
    static func text(_ value: [String: String]) -> String { FlatJSON.text(value) }

    static func text(_ value: [String: Int]) throws(PostgresError) -> String {
        value.isEmpty ? "{}" : try encoded(value)
    }

    static func text(_ value: [String]) throws(PostgresError) -> String { value.isEmpty ? "[]" : try encoded(value) }

    static func text(_ value: some Encodable) throws(PostgresError) -> String { try encoded(value) }

    static func value<Value: Decodable>(_ text: String) throws(PostgresError) -> Value {
        if text == "{}", let empty = [String: Int]() as? Value { return empty }
        if Value.self == [String: String].self, let object = FlatJSON.object(text) as? Value { return object }
        if text == "[]", let empty = [String]() as? Value { return empty }
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            // The error itself would repeat what is in the row.
            throw .unreadable("JSON that is no \(Value.self)")
        }
    }

    private static func encoded<Value: Encodable>(_ value: Value) throws(PostgresError) -> String {
        do {
            return String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
        } catch {
            // The error itself would repeat the value.
            throw PostgresError(.valueRefused, "a value of type \(Value.self) cannot be written as JSON")
        }
    }
}

extension Failure {
    /// Without NUL characters, which the server has no room for: what was printed by a lab may hold anything.
    var storable: Failure {
        var copy = self
        copy.message = message.withoutNUL
        copy.recovery = recovery?.withoutNUL
        copy.subject = subject?.withoutNUL
        copy.logTail = logTail?.withoutNUL
        return copy
    }
}

extension String {
    fileprivate var withoutNUL: String {
        guard utf8.contains(0) else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }
}
