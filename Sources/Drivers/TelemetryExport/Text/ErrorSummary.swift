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
