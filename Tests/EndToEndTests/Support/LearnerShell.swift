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

    /// Runs a command on another machine of the lab, over ssh from this one, as a learner would.
    func run(_ script: String, on machine: String) async throws -> String {
        let quoted = script.replacingOccurrences(of: "'", with: #"'\''"#)
        // The password is typed by a program, because there is no terminal.
        return try await run(
            """
            printf '#!/bin/sh\necho %s\n' '\(password)' >/tmp/password && chmod 700 /tmp/password &&
            SSH_ASKPASS=/tmp/password SSH_ASKPASS_REQUIRE=force ssh -o LogLevel=ERROR -o StrictHostKeyChecking=no \
                -o UserKnownHostsFile=/dev/null antidote@\(machine) '\(quoted)'
            """
        )
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
