import AntidoteCore
import Foundation
import Synchronization

/// Where threads wait for the gate of their lab.
final class GateLatch: Sendable {
    private let state = Mutex<String?>(nil)
    private let group = DispatchGroup()

    init() { group.enter() }

    /// The gate's container, once it runs.
    var id: String? {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }

    /// Nobody waits any longer, whether it runs or not.
    func open() { group.leave() }

    func waited() throws -> String {
        group.wait()
        guard let id else { throw AntidoteError(.internalFault, "there is no gate") }
        return id
    }
}
