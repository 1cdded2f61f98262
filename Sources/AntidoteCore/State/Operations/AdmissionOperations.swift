/// Admits an environment, or finds the running one that this owner already has of this source.
package struct Admit: StoreOperation {
    package let request: AdmissionRequest

    package init(_ request: AdmissionRequest) { self.request = request }

    package var needs: StoreNeeds { .admission(request) }

    package func decide(_ set: inout WorkingSet) throws -> Admission {
        let session = set.session(request.owner)
        if request.requiresSession, session?.isLive(at: set.now) != true { throw AntidoteError.sessionEnded }
        let own = set.environments(of: request.owner).filter(\.isRunning)
        if let row = own.first(where: { $0.source.isSame(as: request.source) }) {
            return Admission(environment: row, isNew: false, events: [], at: set.now)
        }
        let address = set.address(of: request.owner)
        try set.limits.check(
            ofOwner: set.environmentsOfOwner[request.owner, default: 0],
            ofAddress: address.map { set.environmentsOfAddress[$0, default: 0] } ?? 0,
            waiting: set.queueLength
        )
        let row = Environment(
            admitting: request,
            of: session,
            id: set.makeEnvironmentID(),
            ticket: try set.nextTicket(),
            now: set.now
        )
        set.environmentsOfOwner[row.owner, default: 0] += 1
        if let address { set.environmentsOfAddress[address, default: 0] += 1 }
        set.queueLength += 1
        let (admitted, events) = set.insert(row, with: [.admitted])
        return Admission(environment: admitted, isNew: true, events: events, at: set.now)
    }
}

/// Wants another revision of a running environment.
package struct Revise: StoreOperation {
    package let id: EnvironmentID
    package let revision: Int

    package init(_ id: EnvironmentID, to revision: Int) {
        self.id = id
        self.revision = revision
    }

    package var needs: StoreNeeds { .environments([id]) }

    package func decide(_ set: inout WorkingSet) throws -> RevisionChange {
        guard let (row, events) = set.change(id, .revise(to: revision)) else {
            throw AntidoteError(
                .notFound,
                "there is no running environment \(id)",
                recovery: "Ask for a new one."
            )
        }
        return RevisionChange(environment: row, events: events)
    }
}

/// Wants an environment removed. The answer is the row as it is then; `nil` if there is none.
package struct Remove: StoreOperation {
    package let id: EnvironmentID

    package init(_ id: EnvironmentID) { self.id = id }

    package var needs: StoreNeeds { .environments([id]) }

    package func decide(_ set: inout WorkingSet) -> Environment? { set.change(id, .remove)?.row ?? set[id] }
}

/// Records uses of environments, each only if it is worth a write. The answer holds those that were written.
package struct Use: StoreOperation {
    package let ids: [EnvironmentID]

    package init(_ ids: [EnvironmentID]) { self.ids = ids }

    package var needs: StoreNeeds { .environments(ids) }

    package func decide(_ set: inout WorkingSet) -> [EnvironmentID: Environment] {
        var used: [EnvironmentID: Environment] = [:]
        for id in ids { if let row = set.change(id, .use)?.row { used[id] = row } }
        return used
    }
}

/// Records a failure that was seen at the provider. The answer is true if that is news.
package struct Report: StoreOperation {
    package let trouble: ProviderFailure
    package let id: EnvironmentID
    package let incarnation: Int

    package init(_ trouble: ProviderFailure, of id: EnvironmentID, incarnation: Int) {
        self.trouble = trouble
        self.id = id
        self.incarnation = incarnation
    }

    package var needs: StoreNeeds { .environments([id]) }

    package func decide(_ set: inout WorkingSet) -> Bool {
        set.change(id, .report(trouble, incarnation: incarnation)) != nil
    }
}
