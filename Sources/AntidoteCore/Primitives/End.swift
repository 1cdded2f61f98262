import Synchronization

/// Whether something that was begun has ended.
final class End: Sendable {
    private let flag = Atomic(false)

    func come() { flag.store(true, ordering: .releasing) }

    var hasCome: Bool { flag.load(ordering: .acquiring) }
}
