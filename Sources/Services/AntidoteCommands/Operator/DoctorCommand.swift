import AntidoteCore
import AntidoteRuntime
import ArgumentParser
import Foundation

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
        try await installation.reporting { console in
            let findings = await Diagnosis(
                settings: try await installation.settings(),
                environment: ProcessInfo.processInfo.environment,
                logger: installation.logger
            ).findings()
            switch installation.output {
            case .json:
                console.print(
                    try JSONOutput.text(
                        findings.map {
                            Report(part: $0.part, verdict: $0.verdict.rawValue, detail: $0.detail, advice: $0.advice)
                        }
                    )
                )
            case .text:
                for finding in findings {
                    console.print("\(finding.verdict.rawValue)  \(finding.part): \(finding.detail)\n")
                    if let advice = finding.advice { console.print("         \(advice)\n") }
                }
            }
            if findings.contains(where: { $0.verdict == .broken }) { throw ExitCode(1) }
        }
    }
}
