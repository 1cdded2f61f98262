#if SQLite
import AntidoteCore
import GRDB

/// What SQLite complains of, in our words.
enum SQLiteFailure {
    static func naming<Value>(_ path: String? = nil, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw named(error, path)
        }
    }

    static func naming<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as DatabaseError {
            throw named(error, nil)
        }
    }

    private static func named(_ error: DatabaseError, _ path: String?) -> AntidoteError {
        let file = path.map { "the file \($0)" } ?? "the state file"
        switch error.resultCode {
        case .SQLITE_FULL:
            return AntidoteError(
                .storageFull,
                "there is no room left for \(file)",
                recovery: "Free some space on its disk.",
                subject: path,
                cause: error
            )
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return unavailable("another process keeps \(file) to itself", "End the process that holds it.", path, error)
        case .SQLITE_READONLY, .SQLITE_PERM:
            return unavailable("\(file) cannot be written to", "Give this user the right to.", path, error)
        case .SQLITE_CANTOPEN, .SQLITE_IOERR:
            return unavailable("\(file) cannot be read or written", "Look at its disk and its directory.", path, error)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return unavailable("\(file) is damaged", "Move it away: a new one is made then.", path, error)
        default:
            return AntidoteError(
                .internalFault,
                "\(file) refuses: \(error.message ?? error.resultCode.description)",
                recovery: "This is a defect: report it with the log.",
                subject: path,
                cause: error
            )
        }
    }

    private static func unavailable(
        _ message: String,
        _ advice: String,
        _ path: String?,
        _ cause: any Error
    ) -> AntidoteError {
        AntidoteError(.storeUnavailable, message, recovery: advice, subject: path, cause: cause)
    }

    /// What was stored cannot be understood.
    static func unreadable(_ what: String, _ cause: any Error) -> AntidoteError {
        AntidoteError(
            .internalFault,
            "\(what) in the state file cannot be read",
            recovery: "Was it written by a newer release? Run that one.",
            cause: cause
        )
    }
}
#endif
