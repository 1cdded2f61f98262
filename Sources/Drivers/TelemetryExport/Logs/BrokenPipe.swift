#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Keeps the signal away that a write to a pipe without a reader sends, without a setting for the whole process.
enum BrokenPipe {
    /// Runs `body`; if it made this thread's SIGPIPE pending, takes it away again.
    static func withoutSignal<Value>(_ body: () -> Value) -> Value {
        #if canImport(Darwin)
        // The descriptor itself is told not to send it.
        return body()
        #else
        var pipe = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        var pending = sigset_t()
        sigpending(&pending)
        var before = sigset_t()
        guard sigismember(&pending, SIGPIPE) == 0, pthread_sigmask(SIG_BLOCK, &pipe, &before) == 0 else {
            return body()
        }
        let value = body()
        var none = timespec()
        while sigtimedwait(&pipe, nil, &none) < 0, errno == EINTR {}
        pthread_sigmask(SIG_SETMASK, &before, nil)
        return value
        #endif
    }
}
