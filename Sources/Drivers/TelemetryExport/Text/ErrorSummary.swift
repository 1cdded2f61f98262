import AntidoteCore
import HTTPTransport

/// What may be said of an error outside the process: of a stranger's only its type, for its text may hold anything.
struct ErrorSummary: Sendable {
    var type: String
    var code: String?
    var message: String?

    init(_ error: any Error) {
        type = String(reflecting: Swift.type(of: error))
        switch error {
        case let error as AntidoteError:
            code = error.code.description
            message = error.description
        case let error as HTTPTransportError:
            code = error.code.description
            message = error.description
        case is CancellationError:
            code = "cancelled"
        default:
            break
        }
    }
}

extension String {
    /// The text itself, or its beginning of at most `limit` bytes of UTF-8 and what says that something is missing.
    func clipped(to limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(startIndex, offsetBy: max(0, limit))
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end]) + "…"
    }
}
