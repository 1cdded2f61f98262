import AntidoteCore
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
        try await installation.reporting { console in
            let id = try EnvironmentID(validating: id)
            let (row, events, instance, vocabulary, policy) = try await installation.withInstance {
                instance,
                settings in
                guard let row = try await instance.store.environment(id) else {
                    throw AntidoteError.missingLiveLesson(id)
                }
                let events = try await instance.store.events(of: id, after: 0)
                return (row, events, instance.id, instance.vocabularies[row.source.kind], settings.policy)
            }
            let next = NextStep(row, policy: policy, now: TimeSource.system.now()).description
            switch installation.output {
            case .json:
                console.print(
                    try JSONOutput.text(
                        Report(
                            liveLesson: LiveLessonReport(row),
                            events: events.map { CloudEvent($0, instance: instance, vocabulary: vocabulary) },
                            next: next
                        )
                    )
                )
            case .text: console.print(text(row, events, vocabulary, next))
            }
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
        for (endpoint, count) in row.restarts.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(endpoint) was replaced \(count) times")
        }
        if row.attempts > 0 { lines.append("  \(row.attempts) attempts failed so far") }
        if let lease = row.lease { lines.append("  \(lease.worker) works on it until \(lease.endsAt)") }
        if let failure = row.failure { lines += ErrorReport(error: failure.error).lines }
        lines.append("next: \(next)")
        return lines.joined(separator: "\n") + "\n"
    }
}

/// What the services will do about a live lesson, in a sentence.
struct NextStep: CustomStringConvertible {
    let description: String

    init(_ row: Environment, policy: SchedulingPolicy, now: Timestamp) {
        if row.phase == .queued, row.wanted == .present {
            description = "it waits for room; a scheduler grants it in the order of the requests"
            return
        }
        switch EnvironmentMachine(policy: policy).step(for: row, now: now) {
        case .rest: description = "nothing, until somebody asks for something"
        case .wait(let moment): description = "nothing before \(moment)"
        case .converge: description = "a scheduler builds what is missing of it"
        case .configure: description = "a scheduler runs its configuration"
        case .destroy: description = "its machines are removed"
        case .record(let change): description = NextStep.sentence(change)
        }
    }

    private static func sentence(_ change: EnvironmentChange) -> String {
        switch change {
        case .begin: "a scheduler begins to build it"
        case .giveUp: "what was built is given up, and then removed"
        case .expire: "it was idle too long, and is taken away"
        case .close: "the collector closes it: nothing of it is left"
        case .fail(let error, _, _): "it fails: \(error.message)"
        case .built, .configured, .retry, .destroyed: "its state is recorded"
        }
    }
}
