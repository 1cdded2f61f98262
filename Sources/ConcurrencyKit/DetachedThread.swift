#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The system refused a thread, or a pipe to wake one.
package struct ThreadError: Error, Hashable {
    /// What the process has none left of.
    package enum Resource: String, Sendable {
        case thread
        case pipe
    }

    package let resource: Resource
    /// The system's own number for it.
    package let systemError: Int32
}

/// A thread for calls that block.
package enum DetachedThread {
    private final class Start: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on a new thread with every signal blocked: signals are handled elsewhere, and a write to a closed peer
    /// is an error and not a SIGPIPE.
    package static func start(_ body: @escaping @Sendable () -> Void) throws(ThreadError) {
        let context = Unmanaged.passRetained(Start(body))
        let failure = withSignalsBlocked { create(context.toOpaque()) }
        if failure == 0 { return }
        context.release()
        throw ThreadError(resource: .thread, systemError: failure)
    }

    /// A new thread inherits the mask.
    private static func withSignalsBlocked(_ body: () -> Int32) -> Int32 {
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        return body()
    }

    private static func create(_ context: UnsafeMutableRawPointer) -> Int32 {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        #if canImport(Darwin)
        var thread: pthread_t?
        return pthread_create(&thread, &attributes, runHere, context)
        #else
        var thread = pthread_t()
        return pthread_create(&thread, &attributes, run, context)
        #endif
    }

    private static let run: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
        guard let context else { return nil }
        Unmanaged<Start>.fromOpaque(context).takeRetainedValue().body()
        return nil
    }

    #if canImport(Darwin)
    private static let runHere: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = { run($0) }
    #endif
}
