import CNATS
import Synchronization

/// What libnats tells of a connection, on threads of its own.
enum ConnectionEvent: Sendable {
    /// It is over, for this reason.
    case closed(String)
    /// It goes on, but this went wrong.
    case trouble(String)
}

/// Whom libnats tells of a connection's events, by a number.
///
/// libnats may call back once more after a connection was destroyed, and says of no call that it is the last. So it is
/// given a number and no pointer, and this table, the one global of the module, says whether anybody is still there.
final class ConnectionEvents: Sendable {
    typealias Handler = @Sendable (_ key: Int, ConnectionEvent) -> Void

    static let shared = ConnectionEvents()

    private struct State {
        var last = 0
        var handlers: [Int: Handler] = [:]
    }

    private let state = Mutex(State())

    /// The number is never 0.
    func register(_ handler: @escaping Handler) -> Int {
        state.withLock { state in
            state.last += 1
            state.handlers[state.last] = handler
            return state.last
        }
    }

    func remove(_ key: Int) { state.withLock { $0.handlers[key] = nil } }

    func tell(_ key: Int, _ event: ConnectionEvent) {
        let handler = state.withLock { $0.handlers[key] }
        handler?(key, event)
    }
}

extension ConnectionEvents {
    static func context(_ key: Int) -> UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: key) }

    static var closed: natsConnectionHandler {
        { connection, context in
            var text: UnsafePointer<CChar>?
            let status = natsConnection_GetLastError(connection, &text)
            ConnectionEvents.shared.tell(Int(bitPattern: context), .closed(LibraryError.text(status, text)))
        }
    }

    static var trouble: natsErrHandler {
        { connection, _, status, context in
            var text: UnsafePointer<CChar>?
            let last = natsConnection_GetLastError(connection, &text)
            let said = LibraryError.text(status, last == status ? text : nil)
            ConnectionEvents.shared.tell(Int(bitPattern: context), .trouble(said))
        }
    }
}
