import Synchronization

#if canImport(Glibc)
import Glibc
#endif

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Notices a job that leaves a simulation for the global pool: an unstructured task without an executor, which would run
/// in real time, unseen.
///
/// It hangs on a hook of the Swift runtime, and so works on Linux with the dynamic runtime only; elsewhere it sees
/// nothing, and ``isWatching`` says so.
final class EscapeDetector: Sendable {
    static let shared = EscapeDetector()

    let isWatching: Bool
    /// By thread: simulations may run side by side.
    private let simulations = Mutex<[UInt: Simulation]>([:])

    func watch(_ simulation: Simulation) { simulations.withLock { $0[ThreadIdentity.current] = simulation } }

    func forget(_ simulation: Simulation) { simulations.withLock { $0[ThreadIdentity.current] = nil } }

    fileprivate func noteGlobalJob() {
        simulations.withLock { $0[ThreadIdentity.current] }?.noteEscape("a task left for the global pool")
    }

    #if canImport(Glibc)
    private typealias Original = @convention(thin) (UnownedJob) -> Void
    private typealias Hook = @convention(thin) (UnownedJob, Original) -> Void

    private init() {
        guard let program = dlopen(nil, RTLD_NOW), let symbol = dlsym(program, "swift_task_enqueueGlobal_hook") else {
            isWatching = false
            return
        }
        symbol.assumingMemoryBound(to: Hook?.self).pointee = { job, original in
            EscapeDetector.shared.noteGlobalJob()
            original(job)
        }
        isWatching = true
    }
    #else
    private init() { isWatching = false }
    #endif
}

enum ThreadIdentity {
    /// Never inlined: `pthread_self` is declared constant, and its value would be kept across a suspension.
    @inline(never)
    static var current: UInt {
        #if canImport(Darwin)
        UInt(bitPattern: pthread_self())
        #else
        UInt(pthread_self())
        #endif
    }
}
