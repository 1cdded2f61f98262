@_spi(StoreKit) public import AntidoteCore
import AntidoteRuntime
public import ArgumentParser

/// `antidote get livelessons|sessions|events`
struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Lists live lessons, sessions, or what happened.",
        subcommands: [LiveLessons.self, Sessions.self, Events.self]
    )

    struct LiveLessons: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "livelessons",
            abstract: "Lists live lessons that are not over, oldest first.",
            aliases: ["livelesson", "ll"]
        )

        @Option(help: "Only those of this session.")
        var session: String?

        @Option(help: "Only those in this phase, such as FAILED. May be repeated.")
        var phase: [Phase] = []

        @Option(help: "How many at most.")
        var limit = 1000

        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await installation.runner.run { runner in
                let filter = EnvironmentFilter(
                    owner: try session.map(OwnerID.init(validating:)),
                    phases: phase.isEmpty ? nil : Set(phase),
                    limit: limit
                )
                let rows = try await installation.withInstance(runner) { instance in
                    try await instance.requests.environments(matching: filter)
                }
                let reports = rows.map(LiveLessonReport.init)
                try runner.show(reports) {
                    var table = Table(["ID", "LESSON", "STAGE", "PHASE", "SINCE", "SESSION", "FAILURE"])
                    for report in reports {
                        table.add([
                            report.id, report.lesson, "\(report.stage)", report.phase, report.since, report.session,
                            report.failure?.code ?? "",
                        ])
                    }
                    return table.text
                }
            }
        }
    }

    struct Sessions: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sessions",
            abstract: "Lists sessions that are not over, oldest first.",
            aliases: ["session"]
        )

        @Option(help: "How many at most.")
        var limit = 1000

        @OptionGroup var installation: InstallationOptions

        private struct Report: Encodable {
            var id: String
            var createdAt: String
            var endsAt: String?
            var persistent: Bool
            var provider: String?
            var subject: String?
        }

        func run() async throws {
            try await installation.runner.run { runner in
                let sessions = try await installation.withInstance(runner) { instance in
                    try await instance.requests.sessions(limit: limit)
                }
                let reports = sessions.map { session in
                    Report(
                        id: session.id.rawValue,
                        createdAt: session.createdAt.description,
                        endsAt: session.expiresAt?.description,
                        persistent: session.isPersistent,
                        provider: session.identity?.provider,
                        subject: session.identity?.subject
                    )
                }
                try runner.show(reports) {
                    var table = Table(["ID", "CREATED", "ENDS", "WHO"])
                    for report in reports {
                        let ends = report.persistent ? "never (persistent)" : report.endsAt ?? "never"
                        let who = report.provider.map { "\($0)/\(report.subject ?? "")" } ?? "anonymous"
                        table.add([report.id, report.createdAt, ends, who])
                    }
                    return table.text
                }
            }
        }
    }

    struct Events: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "events",
            abstract: "Lists what happened to live lessons and who asked for it, oldest first."
        )

        @Option(help: "Only those of this live lesson.")
        var liveLesson: String?

        @Option(help: "Only those of this session's live lessons.")
        var session: String?

        @Option(help: "How many at most.")
        var limit = 1000

        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await installation.runner.run { runner in
                let filter = EventFilter(
                    environment: try liveLesson.map(EnvironmentID.init(validating:)),
                    owner: try session.map(OwnerID.init(validating:)),
                    limit: limit
                )
                let (events, instance, vocabularies) = try await installation.withInstance(runner) { instance in
                    (try await instance.requests.events(matching: filter), instance.id, instance.vocabularies)
                }
                let reports = events.map {
                    CloudEvent($0, instance: instance, vocabulary: vocabularies[$0.source.kind])
                }
                try runner.show(reports) {
                    var table = Table([
                        "TIME", "LIVE LESSON", "NUMBER", "EVENT", "LESSON", "STAGE", "SESSION", "FAILURE",
                    ])
                    for event in events {
                        let type = vocabularies[event.source.kind].type(of: event.kind)
                        table.add([
                            event.time.description, event.environment.rawValue, "\(event.sequence)",
                            type, event.source.name, "\(event.revision)", event.owner.rawValue,
                            event.failure?.code.description ?? "",
                        ])
                    }
                    return table.text
                }
            }
        }
    }
}

extension Phase: ExpressibleByArgument {}
