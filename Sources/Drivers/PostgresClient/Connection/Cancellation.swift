internal import CPostgreSQL
import ConcurrencyKit

/// Asks the server to stop the statement of a connection.
package enum Cancellation {
    /// Sendable because libpq allows every thread to use it, and one thread at a time has it.
    private struct Handle: @unchecked Sendable {
        let raw: OpaquePointer
    }

    package static func descriptor(of raw: OpaquePointer) -> Int32 { PQsocket(raw) }

    /// Does not wait: libpq makes another connection for it, with no deadline.
    package static func send(to raw: OpaquePointer) {
        guard let cancel = PQgetCancel(raw) else { return }
        let handle = Handle(raw: cancel)
        do throws(ThreadError) {
            try DetachedThread.start {
                var message = [CChar](repeating: 0, count: 256)
                // Where it fails, the connection is given up after its grace.
                _ = PQcancel(handle.raw, &message, Int32(message.count))
                PQfreeCancel(handle.raw)
            }
        } catch {
            PQfreeCancel(cancel)
        }
    }
}
