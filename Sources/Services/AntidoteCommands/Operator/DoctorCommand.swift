import AntidoteCore
import AntidoteRuntime
import ArgumentParser

/// `antidote doctor`
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Looks at everything that the installation stands on, and says what to do about what is wrong.",
        discussion: "Exit status 0 if everything works, 1 if something is broken."
    )

    @OptionGroup var installation: InstallationOptions

    private struct Report: Encodable {
        var part: String
        var verdict: String
        var detail: String
        var advice: String?
    }

    func run() async throws {
        try await installation.runner.run { runner in
            let findings = await Diagnosis(
                settings: try await installation.settings(runner),
                environment: runner.environment,
                logger: installation.log.logger
            ).findings()
            try runner.show(
                findings.map {
                    Report(part: $0.part, verdict: $0.verdict.rawValue, detail: $0.detail, advice: $0.advice)
                },
                text: { findings.map(DoctorCommand.text).joined() }
            )
            if findings.contains(where: { $0.verdict == .broken }) { throw ExitCode(1) }
        }
    }

    private static func text(_ finding: Diagnosis.Finding) -> String {
        let advice = finding.advice.map { "         \($0)\n" } ?? ""
        return "\(finding.verdict.rawValue)  \(finding.part): \(finding.detail)\n\(advice)"
    }
}
