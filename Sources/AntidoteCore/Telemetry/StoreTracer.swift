/// Makes a span of each call of a store.
struct StoreTracer: StoreInterceptor {
    let telemetry: Telemetry
    let attributes: [String: String]
    let vocabularies: EventVocabularies

    func intercept<Answer: Sendable>(
        _ call: StoreCall,
        _ body: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        try await telemetry.measure(
            "store \(call.name)",
            attributes.merging(about(call)) { $1 },
            continuing: traceContext(of: call),
            operation: body
        ) { answer in
            // The kind is only known from the row that the store returns.
            guard let change = answer as? RevisionChange else { return [:] }
            return about(change.environment.source, revision: change.environment.revision)
        }
    }

    private func traceContext(of call: StoreCall) -> [String: String] {
        if case .perform(let admission as Admit) = call { admission.request.traceContext } else { [:] }
    }

    private func about(_ call: StoreCall) -> [String: String] {
        switch call {
        case .environments(let ids) where ids.count == 1: about(ids[0])
        case .events(.of(let id, _)): about(id)
        case .perform(let operation): about(operation)
        default: [:]
        }
    }

    private func about(_ operation: any StoreOperation) -> [String: String] {
        switch operation {
        case let admission as Admit:
            let request = admission.request
            return about(request.source, revision: request.revision).merging([
                AttributeKey.session: request.owner.rawValue, AttributeKey.backend: request.backend.rawValue,
            ]) { $1 }
        case let revision as Revise: return about(revision.id)
        case let removal as Remove: return about(removal.id)
        case let claim as ClaimWork: return [AttributeKey.worker: claim.request.worker.rawValue]
        case let changes as CommitChanges where changes.commits.count == 1:
            return about(changes.commits[0].environment)
        case let report as Report:
            return about(report.id).merging([AttributeKey.incarnation: String(report.incarnation)]) { $1 }
        default: return [:]
        }
    }

    private func about(_ id: EnvironmentID) -> [String: String] { [AttributeKey.environment: id.rawValue] }

    private func about(_ source: EnvironmentSource, revision: Int) -> [String: String] {
        vocabularies[source.kind].attributes(of: source, revision: revision)
    }
}
