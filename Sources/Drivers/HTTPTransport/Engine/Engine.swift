internal import CCurlShim
import ConcurrencyKit
import Synchronization

/// The thread that owns libcurl's multi handle, and the inbox to it.
///
/// Only the thread touches the handle; everybody else posts commands and wakes it. It is no `BlockingThread`: it waits in
/// `curl_multi_poll`, which has a wake of its own, and between two waits it must move all transfers.
final class Engine: Sendable {
    enum Command: Sendable {
        case start(Exchange)
        /// Take the exchange off the wire, close its connection, and end it with the error. Nothing if it has ended.
        case cancel(Exchange, any Error)
        case resumeReceiving(Exchange)
        case resumeSending(Exchange)
    }

    /// Sendable because only `curl_multi_wakeup`, which may be called from any thread, is called outside the engine's
    /// thread, and under the inbox's lock only until the thread has seen that it must stop.
    private struct MultiHandle: @unchecked Sendable {
        let raw: UnsafeMutableRawPointer
    }

    private struct Inbox {
        var commands: [Command] = []
        var isStopping = false
    }

    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    private let configuration: HTTPClientConfiguration
    private let multi: MultiHandle
    private let inbox = Mutex(Inbox())

    /// Starts the thread, which keeps the engine alive until `stop()`.
    init(configuration: HTTPClientConfiguration) throws(HTTPTransportError) {
        guard Self.isLibraryReady, let raw = curl_multi_init() else {
            throw HTTPTransportError(.other, "libcurl could not be started")
        }
        self.configuration = configuration
        multi = MultiHandle(raw: raw)
        // Idle connections kept; the engine itself bounds those in use.
        _ = ccurl_multi_set_long(raw, CURLMOPT_MAXCONNECTS, configuration.maximumConnections)

        do throws(ThreadError) {
            try DetachedThread.start { self.run() }
        } catch {
            curl_multi_cleanup(raw)
            throw HTTPTransportError(.other, "no thread for the HTTP client", systemError: error.systemError)
        }
    }

    /// Says whether the engine will act on it: `false` after `stop()`.
    @discardableResult
    func post(_ command: Command) -> Bool {
        inbox.withLock { inbox in
            guard !inbox.isStopping else { return false }
            inbox.commands.append(command)
            if inbox.commands.count == 1 { curl_multi_wakeup(multi.raw) }
            return true
        }
    }

    /// Ends every exchange with `.shutdown`, closes every connection, and ends the thread.
    func stop() {
        inbox.withLock { inbox in
            guard !inbox.isStopping else { return }
            inbox.isStopping = true
            curl_multi_wakeup(multi.raw)
        }
    }

    private func run() {
        ccurl_name_thread("http-engine")
        let loop = EngineLoop(multi: multi.raw, configuration: configuration)
        while true {
            let (commands, isStopping) = inbox.withLock { inbox in
                defer { inbox.commands = [] }
                return (inbox.commands, inbox.isStopping)
            }
            for command in commands { loop.handle(command) }
            if isStopping { break }
            if !loop.turn() { stop() }
        }
        loop.endAll()
        curl_multi_cleanup(multi.raw)
    }
}
