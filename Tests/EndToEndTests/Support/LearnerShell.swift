import Foundation

/// The way of a learner into a lab: the ssh command that the program prints, and the password beside it.
struct LearnerShell {
    /// Words of `ssh … user@host`.
    let command: [String]
    let password: String

    init(command: [String], password: String) {
        self.command = command
        self.password = password
    }

    /// Throws where the document has no way into `endpoint`, or no password because none was asked for.
    init(_ access: AccessDocument, endpoint: String = "workstation") throws {
        guard let way = access.presentation(of: endpoint), let command = way.command, let password = way.password else {
            throw Child.Failure(description: "there is no ssh command and password for \(endpoint) in \(access)")
        }
        self.init(command: command.split(separator: " ").map(String.init), password: password)
    }

    /// Runs a command of the remote shell, and returns what it prints. Throws unless it succeeds.
    func run(_ script: String) async throws -> String {
        let words = ["sshpass", "-e"] + command.prefix(1) + ["-o", "LogLevel=ERROR"] + command.dropFirst() + [script]
        return try await Child.succeed(words, environment: environment)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The shell of another machine of the lab, reached through this one as a learner would reach it.
    func further(_ machine: String) -> LearnerShell {
        let jump = (["sshpass", "-e"] + command + ["-W", "\(machine):22"]).joined(separator: " ")
        let words = [
            "ssh", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "ProxyCommand=\(jump)",
            "antidote@\(machine)",
        ]
        return LearnerShell(command: words, password: password)
    }

    private var environment: [String: String] {
        [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": "/nonexistent",
            "SSHPASS": password,
        ]
    }
}

/// A browser without a screen.
enum Web {
    struct Answer {
        var status: String
        var page: String
    }

    static func get(_ url: String) async throws -> Answer {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let command = ["curl", "--silent", "--show-error", "--max-time", "10", "--write-out", "\n%{http_code}", url]
        let text = try await Child.succeed(command, environment: ["PATH": path])
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return Answer(status: String(lines.last ?? ""), page: lines.dropLast().joined(separator: "\n"))
    }
}
