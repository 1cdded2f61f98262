@_spi(StoreKit) import AntidoteCore
import AntidoteRuntime
import ArgumentParser

/// `antidote explain LIVELESSON`
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tells how a live lesson came to where it is, what is wrong with it, and what comes next."
    )

    @Argument(help: "Its id, as antidote get livelessons shows it.")
    var id: String

    @OptionGroup var installation: InstallationOptions

    private struct Report: Encodable {
        var liveLesson: LiveLessonReport
        var events: [CloudEvent]
        var next: String
    }

    func run() async throws {
        try await installation.runner.run { runner in
            let id = try EnvironmentID(validating: id)
            let (row, events, instance, vocabulary, policy) = try await installation.withInstance(runner) { instance in
                guard let row = try await instance.requests.environment(id) else {
                    throw AntidoteError.missingLiveLesson(id)
                }
                let events = try await instance.requests.events(of: id)
                return (row, events, instance.id, instance.vocabularies[row.source.kind], instance.policy)
            }
            let now = TimeSource.system.now()
            let next = Self.sentence(about: Lifecycle.evaluate(row, now: now, policy: policy))
            try runner.show(
                Report(
                    liveLesson: LiveLessonReport(row),
                    events: events.map { CloudEvent($0, instance: instance, vocabulary: vocabulary) },
                    next: next
                ),
                text: { text(row, events, vocabulary, next) }
            )
        }
    }

    private func text(
        _ row: Environment,
        _ events: [EnvironmentEvent],
        _ vocabulary: any EventVocabulary,
        _ next: String
    ) -> String {
        var lines = [
            "\(row.source.name), stage \(row.revision), of session \(row.owner): \(row.phase.rawValue) since \(row.phaseSince)"
        ]
        for event in events {
            let failure = event.failure.map { ": [\($0.code)] \($0.message)" } ?? ""
            lines.append("  \(event.time)  \(vocabulary.type(of: event.kind)), stage \(event.revision)\(failure)")
        }
        if row.incarnation > 1 { lines.append("  built \(row.incarnation) times") }
        for (endpoint, count) in row.attempts.restarts.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(endpoint) was replaced \(count) times")
        }
        if row.attempts.count > 0 { lines.append("  \(row.attempts.count) attempts failed so far") }
        if let lease = row.lease { lines.append("  \(lease.worker) works on it until \(lease.endsAt)") }
        if let failure = row.failure { lines += ErrorReport(error: failure.error).lines }
        lines.append("next: \(next)")
        return lines.joined(separator: "\n") + "\n"
    }

    /// What the services will do about it.
    private static func sentence(about evaluation: Lifecycle.Evaluation) -> String {
        if evaluation.awaitsCapacity { return "it waits for room; a scheduler grants it in the order of the requests" }
        if let moment = evaluation.dueAt, !evaluation.isDue { return "nothing before \(moment)" }
        return switch evaluation.step {
        case .rest: "nothing, until a request changes it"
        case .converge: "a scheduler builds what is missing of it"
        case .configure: "a scheduler runs its configuration"
        case .destroy: "its machines are removed"
        case .record(.begin): "a scheduler begins to build it"
        case .record(.abandon): "what was built is given up, and then removed"
        case .record(.expire): "it was idle too long, and is taken away"
        case .record(.close): "the collector closes it: nothing of it is left"
        case .record(.fail(let error, _, _)): "it fails: \(error.message)"
        case .record: "its state is recorded"
        }
    }
}
