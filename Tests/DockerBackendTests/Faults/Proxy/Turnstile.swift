import Dispatch
import Synchronization

/// Holds a thread of the proxy while a test does something.
final class Turnstile: Sendable {
    private let arrivals: AsyncStream<Void>
    private let arrive: AsyncStream<Void>.Continuation
    private let free = DispatchSemaphore(value: 0)

    init() { (arrivals, arrive) = AsyncStream.makeStream() }

    /// Returns when a call waits here.
    func arrival() async { for await _ in arrivals {} }

    /// Lets it go on.
    func release() { free.signal() }

    /// Waits to be released, on the proxy's side.
    func pass() {
        arrive.finish()
        free.wait()
    }
}
