import Dispatch
import Synchronization

// Two programs for Scripts/sanitizers/check-thread: one with a race, and one that fights for a mutex and has none.
final class Counter: @unchecked Sendable {
    let lock = Mutex(0)
    var unguarded = 0
}

let counter = Counter()
let races = CommandLine.arguments.contains("race")
DispatchQueue.concurrentPerform(iterations: 8) { _ in
    for _ in 0..<20_000 {
        if races { counter.unguarded += 1 } else { counter.lock.withLock { $0 += 1 } }
    }
}
