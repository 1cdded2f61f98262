@_spi(StoreKit) import AntidoteCore
import AntidoteRuntime
import ArgumentParser

/// `antidote persist SESSION`
struct PersistCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "persist",
        abstract: "Exempts a session from every expiry, with everything that it has and asks for.",
        discussion: """
              antidote persist 3jqk2v5w7xyzabcd
              antidote persist 3jqk2v5w7xyzabcd --off
            """
    )

    @Argument(help: "Its id, as antidote get sessions shows it.")
    var session: String

    @Flag(help: "End the exemption: it expires again as others do.")
    var off = false

    @OptionGroup var installation: InstallationOptions

    func run() async throws {
        try await installation.runner.run { runner in
            let id = try OwnerID(validating: session)
            let changed = try await installation.withInstance(runner) { instance in
                try await AntidoteError.withSessionAdvice {
                    try await instance.requests.setPersistent(!off, session: id)
                }
            }
            let end = changed.expiresAt.map { "ends at \($0)" } ?? "never ends by itself"
            runner.confirm("The session \(id) \(end).")
        }
    }
}
