@_spi(StoreKit) import AntidoteCore

extension ReferenceState {
    mutating func admit(_ request: AdmissionRequest, id: EnvironmentID, at now: Timestamp) throws -> Admission {
        let owner = sessions.first { $0.session.id == request.owner }
        if request.requiresSession {
            guard let owner, !ReferenceRules.isOver(owner.session, at: now) else { throw AntidoteError.sessionEnded }
        }
        let active = rows.filter(ReferenceRules.isActive)
        let own = active.filter { $0.owner == request.owner }
        let same = own.first { $0.source.kind == request.source.kind && $0.source.name == request.source.name }
        if let same { return Admission(environment: same, isNew: false, events: [], at: now) }

        if let limit = limits.perOwner, own.count >= limit {
            throw Self.full(.limitExceeded, "the owner has \(limit) environments")
        }
        if let limit = limits.perAddress, let address = owner?.address {
            let neighbours = Set(sessions.filter { $0.address == address }.map(\.session.id))
            if active.count(where: { neighbours.contains($0.owner) }) >= limit {
                throw Self.full(.limitExceeded, "the address has \(limit) environments")
            }
        }
        if let limit = limits.queueLength, rows.count(where: { $0.observed.phase == .queued }) >= limit {
            throw Self.full(.queueFull, "\(limit) environments are queued")
        }

        lastTicket += 1
        rows.append(Environment(admitting: request, of: owner?.session, id: id, ticket: lastTicket, now: now))
        let index = rows.count - 1
        let admitted = write([.admitted], ofRowAt: index, at: now)
        return Admission(environment: rows[index], isNew: true, events: admitted, at: now)
    }

    static func full(_ code: AntidoteError.Code, _ message: String) -> AntidoteError {
        AntidoteError(code, message, recovery: "Retry later, or raise the limit.")
    }

    mutating func revise(_ id: EnvironmentID, to revision: Int, at now: Timestamp) throws -> RevisionChange {
        guard let (row, events) = change(id, by: .revise(to: revision), at: now) else {
            throw AntidoteError(.notFound, "no active environment has the id \(id)", recovery: "Request a new one.")
        }
        return RevisionChange(environment: row, events: events)
    }

    mutating func remove(_ id: EnvironmentID, at now: Timestamp) -> Environment? {
        _ = change(id, by: .remove, at: now)
        return row(id)
    }

    /// Returns the rows that were written.
    mutating func use(_ ids: [EnvironmentID], at now: Timestamp) -> [EnvironmentID: Environment] {
        var used: [EnvironmentID: Environment] = [:]
        for id in ids { if let row = change(id, by: .use, at: now)?.row { used[id] = row } }
        return used
    }

    mutating func report(
        _ trouble: ProviderFailure,
        of id: EnvironmentID,
        _ incarnation: Int,
        at now: Timestamp
    ) -> Bool {
        change(id, by: .report(trouble, incarnation: incarnation), at: now) != nil
    }
}
