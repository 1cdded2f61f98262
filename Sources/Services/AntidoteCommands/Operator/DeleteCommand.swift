import AntidoteCore
import AntidoteRuntime
import ArgumentParser

/// `antidote delete livelesson|session ID`
struct DeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Takes a live lesson away, or a session with all that it has.",
        subcommands: [LiveLesson.self, Session.self]
    )

    struct LiveLesson: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "livelesson",
            abstract: "Wants a live lesson gone: the collector removes it within seconds."
        )

        @Argument(help: "Its id, as antidote get livelessons shows it.")
        var id: String

        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await installation.runner.run { runner in
                let id = try EnvironmentID(validating: id)
                try await installation.withInstance(runner) { instance in
                    guard try await instance.requests.remove(id) != nil else {
                        throw AntidoteError.missingLiveLesson(id)
                    }
                }
                runner.confirm("The live lesson \(id) is being taken away.")
            }
        }
    }

    struct Session: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "session",
            abstract: "Ends a session: all of its live lessons are taken away."
        )

        @Argument(help: "Its id, as antidote get sessions shows it.")
        var id: String

        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await installation.runner.run { runner in
                let id = try OwnerID(validating: id)
                try await installation.withInstance(runner) { instance in
                    try await AntidoteError.withSessionAdvice {
                        guard try await instance.requests.session(id) != nil else {
                            throw AntidoteError.missingSession(id)
                        }
                    }
                    try await instance.requests.endSession(id)
                }
                runner.confirm("The session \(id) is over.")
            }
        }
    }
}

extension AntidoteError {
    static func missingLiveLesson(_ id: EnvironmentID) -> AntidoteError {
        AntidoteError(.notFound, "there is no live lesson \(id)", recovery: "List them: antidote get livelessons.")
    }

    /// Names the command that lists the sessions when `operation` does not find one: the store knows of no commands.
    static func withSessionAdvice<Value>(_ operation: () async throws -> Value) async throws -> Value {
        do {
            return try await operation()
        } catch var error as AntidoteError where error.code == .notFound {
            error.recovery = "List them: antidote get sessions."
            throw error
        }
    }
}
