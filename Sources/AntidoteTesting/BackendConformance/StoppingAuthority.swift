@_spi(StoreKit) import AntidoteCore
import Synchronization

/// An authority that ends before a worker's nth change at the provider, as a crash would: whatever was done before
/// stays, and nothing is cleaned up.
final class StoppingAuthority: Sendable {
    private let allowed: Int
    private let asked = Mutex(0)

    init(after allowed: Int) { self.allowed = allowed }

    /// How many changes were asked for, allowed or not.
    var count: Int { asked.withLock { $0 } }

    var authority: Authority {
        Authority(fence: Fence(1)) { [self] in
            let number = asked.withLock { count in
                count += 1
                return count
            }
            if number > allowed { throw AntidoteError(.authorityLost, "the suite's worker has crashed here") }
        }
    }
}
