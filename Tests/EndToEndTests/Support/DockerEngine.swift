import Foundation
import Testing

/// The Docker Engine of the tests, seen through the `docker` command and not through what is tested.
struct DockerEngine {
    let socket: String
    var host: String { "unix://\(socket)" }

    /// Throws where the tests were not told of an engine.
    init() throws {
        socket = try #require(
            ProcessInfo.processInfo.environment["ANTIDOTE_TEST_DOCKER_SOCKET"],
            "set ANTIDOTE_TEST_DOCKER_SOCKET to the socket of a Docker Engine that has the images"
        )
    }

    private var environment: [String: String] {
        ProcessInfo.processInfo.environment.merging(["DOCKER_HOST": host]) { $1 }
    }

    @discardableResult
    func docker(_ arguments: String...) async throws -> String {
        try await Child.succeed(["docker"] + arguments, environment: environment)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Everything that carries the label of a run of the process `pid`.
    func belongings(of pid: Int32) async throws -> [String] {
        let owner = #"{{.Label "labs.antidote.owner"}}"#
        let lists = [
            try await docker(
                "ps",
                "--all",
                "--filter",
                "label=labs.antidote.owner",
                "--format",
                "container {{.Names}} \(owner)"
            ),
            try await docker(
                "network",
                "ls",
                "--filter",
                "label=labs.antidote.owner",
                "--format",
                "network {{.Name}} \(owner)"
            ),
            try await docker(
                "volume",
                "ls",
                "--filter",
                "label=labs.antidote.owner",
                "--format",
                "volume {{.Name}} \(owner)"
            ),
        ]
        return lists.flatMap { $0.split(separator: "\n").map(String.init) }.filter { line in
            line.split(separator: "/").dropFirst(2).first.map { $0 == "\(pid)" } ?? false
        }
    }

    /// The program, with this engine as the only one to find.
    func program() throws -> Program { try Program(dockerHost: host) }

    /// Runs `antidote run`, and finds nothing of it here afterwards.
    func withRun<Result>(
        _ arguments: [String],
        environment: [String: String] = [:],
        curriculum: String = Curriculum.example,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: (Child) async throws -> Result
    ) async throws -> Result {
        let program = try program().with(environment)
        return try await program.start(["run"] + arguments + ["--curriculum", curriculum]) { child in
            let result = try await body(child)
            _ = try await child.ending()
            let left = try await belongings(of: child.pid)
            #expect(left.isEmpty, "\(child.failure("left something behind"))", sourceLocation: sourceLocation)
            return result
        }
    }

    /// Lends a stream of what happens to the containers of all runs, from now on: a line for each event, with the
    /// event's name, the role and the owner.
    func withEvents<Result>(_ body: (Child) async throws -> Result) async throws -> Result {
        let now = try await docker("info", "--format", "{{.SystemTime}}")
        let format =
            #"{{.Action}} {{index .Actor.Attributes "labs.antidote.role"}} {{index .Actor.Attributes "labs.antidote.owner"}}"#
        let command = [
            "docker", "events", "--since", now, "--filter", "type=container", "--filter",
            "label=labs.antidote.owner", "--format", format,
        ]
        return try await Child.run(command, environment: environment, body)
    }
}
