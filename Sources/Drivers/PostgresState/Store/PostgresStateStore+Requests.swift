public import AntidoteCore
import ConcurrencyKit
import PostgresClient

extension PostgresStateStore: StateStore {
    public func admit(_ request: AdmissionRequest) async throws -> Admission {
        let answer = try await named { try await admissionBatcher.submit(request) }
        var admission = answer.admission
        let id = admission.environment.id
        // Whoever asks again for what is there uses it.
        if !admission.isNew, let touched = try await touch([admission.environment], at: answer.at)[id] {
            admission.environment = touched
        }
        return admission
    }

    public func change(_ id: EnvironmentID, toRevision revision: Int) async throws -> RevisionChange {
        try await changing([id]) { workspace in
            guard let (row, events) = workspace.change(id, .revise(to: revision)) else {
                throw AntidoteError(
                    .notFound,
                    "there is no running environment \(id)",
                    recovery: "Ask for a new one."
                )
            }
            return RevisionChange(environment: row, events: events)
        }
    }

    @discardableResult
    public func remove(_ id: EnvironmentID) async throws -> Environment? {
        try await changing([id]) { workspace in
            workspace.change(id, .remove)?.row ?? workspace[id]
        }
    }

    public func keepAlive(_ ids: [EnvironmentID]) async throws {
        guard !ids.isEmpty else { return }
        let (rows, now) = try await reading { transaction in
            let answers = try transaction.finish([Self.selectRows(.texts(ids.map(\.rawValue))), SQL.clock])
            return (try answers[0].map { try StoredEnvironment($0).row }, try answers[1].time())
        }
        _ = try await touch(rows, at: now)
    }

    public func report(_ trouble: ProviderFailure, of id: EnvironmentID, incarnation: Int) async throws -> Bool {
        try await changing([id]) { workspace in
            workspace.change(id, .report(trouble, incarnation: incarnation)) != nil
        }
    }

    /// Notes the use of rows as they were just read, if that is worth a write; returns those that were written. No lock is
    /// taken for what was used a moment ago, and that is nearly every time.
    private func touch(_ rows: [Environment], at now: Timestamp) async throws -> [EnvironmentID: Environment] {
        let ids = rows.filter { $0.isUseWorthRecording(at: now) }.map(\.id).sorted()
        guard !ids.isEmpty else { return [:] }
        return try await changing(ids) { workspace in
            var touched: [EnvironmentID: Environment] = [:]
            for id in ids { touched[id] = workspace.change(id, .use)?.row }
            return touched
        }
    }
}
