import Synchronization

/// A flag that is set once and never cleared. Any thread may set and read it.
package final class Flag: Sendable {
    private let flag = Atomic(false)

    package init() {}

    package func set() { flag.store(true, ordering: .sequentiallyConsistent) }

    package var isSet: Bool { flag.load(ordering: .acquiring) }
}
