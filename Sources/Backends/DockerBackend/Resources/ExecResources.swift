/// A command to run in a running container.
struct ExecSpecification: Encodable, Sendable {
    var command: [String]
    var attachStandardOutput = true
    var attachStandardError = true

    enum CodingKeys: String, CodingKey {
        case command = "Cmd"
        case attachStandardOutput = "AttachStdout"
        case attachStandardError = "AttachStderr"
    }
}

struct ExecStart: Encodable, Sendable {
    var detach = false
    var terminal = false

    enum CodingKeys: String, CodingKey {
        case detach = "Detach"
        case terminal = "Tty"
    }
}

struct ExecDetails: Decodable, Sendable {
    var isRunning: Bool
    /// `null` while it runs.
    var exitCode: Int?

    enum CodingKeys: String, CodingKey {
        case isRunning = "Running"
        case exitCode = "ExitCode"
    }
}
