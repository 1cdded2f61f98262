internal import CPostgreSQL

/// What the server answered to one statement. Stays on the thread of its connection.
package struct PostgresRows: RandomAccessCollection {
    private let result: PostgresResult

    package init(_ result: PostgresResult) { self.result = result }

    package var startIndex: Int { 0 }
    package var endIndex: Int { Int(PQntuples(result.raw)) }
    package subscript(position: Int) -> PostgresRow { PostgresRow(result: result, index: Int32(position)) }

    /// How many rows were inserted, updated, deleted or selected.
    package var affected: Int { Int(String(cString: PQcmdTuples(result.raw))) ?? 0 }
}

/// Owns libpq's result.
package final class PostgresResult {
    package let raw: OpaquePointer

    package init(_ raw: OpaquePointer) { self.raw = raw }

    deinit { PQclear(raw) }

    var status: ExecStatusType { PQresultStatus(raw) }

    /// A part of the server's error.
    package func field(_ character: Unicode.Scalar) -> String? {
        PQresultErrorField(raw, Int32(character.value)).map { String(cString: $0) }
    }

    /// Whether the server ends the connection by this error.
    package var isFatal: Bool { ["FATAL", "PANIC"].contains(field("V")) }

    package var error: PostgresError {
        // libpq's own failures have no code: the connection is gone.
        guard let code = field("C") else { return .lost }
        return SQLState(
            code: code,
            message: field("M") ?? "no message",
            place: field("n") ?? field("t") ?? field("c")
        ).error
    }
}

extension PostgresError {
    package static let lost = PostgresError(
        .connectionLost,
        "the connection to the server broke",
        advice: "Look whether the server runs, and at the network between"
    )
}
