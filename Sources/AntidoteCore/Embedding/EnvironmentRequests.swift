/// What owners ask for: written down, told of, and the workers woken.
package struct EnvironmentRequests: Sendable {
    private let store: StoreAccess
    private let publisher: EventPublisher

    package init(store: StoreAccess, publisher: EventPublisher) {
        self.store = store
        self.publisher = publisher
    }

    /// An environment, or the one that its owner has already.
    package func admit(_ request: AdmissionRequest) async throws -> Admission {
        let admission = try await store.write { try await $0.admit(request) }
        await publisher.publish(admission.events)
        return admission
    }

    /// Another revision.
    package func change(_ id: EnvironmentID, toRevision revision: Int) async throws -> Environment {
        let change = try await store.write { try await $0.change(id, toRevision: revision) }
        await publisher.publish(change.events)
        await publisher.wake(.scheduler, about: id)
        return change.environment
    }

    /// Wants an environment gone, and does not wait for it. Returns the row as it is then, if there is one.
    @discardableResult
    package func remove(_ id: EnvironmentID) async throws -> Environment? {
        let row = try await store.write { try await $0.remove(id) }
        guard let row, row.phase != .closed else { return row }
        if row.lease == nil {
            // There is nobody who would have to let go of it.
            await publisher.wake(.collector, about: id)
        } else {
            await wake(about: id)
        }
        return row
    }

    /// Says that an environment is wanted gone: the scheduler lets go of it, the collector takes it up.
    package func wake(about id: EnvironmentID) async {
        await publisher.wake(.scheduler, about: id)
        await publisher.wake(.collector, about: id)
    }
}
