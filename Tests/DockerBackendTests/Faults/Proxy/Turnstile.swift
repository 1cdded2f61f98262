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

    /// Nobody is going to come.
    func open() {
        arrive.finish()
        free.signal()
    }

    /// Waits to be released, on the proxy's side.
    func pass() {
        arrive.finish()
        free.wait()
    }
}

/// How `act` ends. Who waits for it to come to `turnstile` waits no longer then.
func result<Value: Sendable>(
    opening turnstile: Turnstile,
    _ act: () async throws -> Value
) async -> Result<Value, any Error> {
    defer { turnstile.open() }
    do { return .success(try await act()) } catch { return .failure(error) }
}
