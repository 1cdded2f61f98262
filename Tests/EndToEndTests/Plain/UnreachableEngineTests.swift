import Foundation
import Testing

/// Runs that never get as far as an engine. They make nothing, so that nothing can be left.
@Suite("Without an engine", .timeLimit(.minutes(2)))
struct UnreachableEngineTests {
    @Test func aSocketThatIsNotThereIsNamed() async throws {
        let error = try await failure(of: Program(dockerHost: "unix:///nonexistent/docker.sock"))
        #expect(error.code == "backendUnavailable")
        #expect(error.message.contains("unix:///nonexistent/docker.sock"))
        #expect(error.advice?.contains("DOCKER_HOST") == true)
    }

    @Test func anEngineThatWasStoppedIsNamed() async throws {
        let socket = try SilentSocket()
        let error = try await failure(of: Program(dockerHost: "unix://\(socket.path)"))
        #expect(error.code == "backendUnavailable")
        #expect(error.message.contains(socket.path))
        #expect(error.advice?.contains("Start") == true)
    }

    @Test func aSocketThatMayNotBeUsedIsNamed() async throws {
        let socket = try SilentSocket()
        socket.forbid()
        let program = try Program(dockerHost: "unix://\(socket.path)")
        let error =
            if geteuid() == 0 {
                // Root may use any socket.
                try await failureForNobody(of: program)
            } else {
                try await failure(of: program, status: 77)
            }
        #expect(error.code == "backendRefused")
        #expect(error.message.contains(socket.path))
        #expect(error.advice?.contains("group") == true)
    }

    @Test func anAddressThatMakesNoSenseIsNamed() async throws {
        let error = try await failure(of: Program(dockerHost: "gopher://engine"), status: 78)
        #expect(error.code == "configurationInvalid")
        #expect(error.message.contains("gopher://engine"))
        #expect(error.advice?.contains("unix:///") == true)
    }

    @Test func anEngineThatIsNamedIsNeverFaked() async throws {
        let error = try await failure(of: Program(dockerHost: "unix:///nonexistent/docker.sock"), backend: "auto")
        #expect(error.code == "backendUnavailable")
        #expect(error.message.contains("unix:///nonexistent/docker.sock"))
    }

    /// The error of a run without any rights, of copies: nobody may read root's folders.
    private func failureForNobody(of program: Program) async throws -> ErrorDocument.Body {
        let curriculum = try Curriculum()
        var copy = program
        copy.path = curriculum.path + "/antidote"
        // Not by us: a child that is just being started would hold the copy open for writing.
        for command in [["cp", program.path, copy.path], ["chmod", "-R", "a+rX", curriculum.path]] {
            _ = try await Child.succeed(command, environment: program.environment)
        }
        let launcher = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
        return try await failure(of: copy, status: 77, curriculum: curriculum.path, as: launcher)
    }

    /// The error of a run that wants Docker, in words and in JSON.
    private func failure(
        of program: Program,
        status: Int32 = 69,
        curriculum: String = Curriculum.example,
        as launcher: [String] = [],
        backend: String = "docker",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> ErrorDocument.Body {
        let command = [
            program.path, "run", "shell-basics", "--curriculum", curriculum, "--backend", backend, "--output", "json",
        ]
        let finished = try await Child.run(launcher + command, environment: program.environment) {
            try await Finished($0)
        }
        #expect(finished.ending == .exited(status), "\(finished)", sourceLocation: sourceLocation)
        let error = try #require(try Documents.all(ErrorDocument.self, in: finished.output).first, "\(finished)").error
        #expect(finished.errors.hasPrefix("error[\(error.code)]: "), "\(finished)", sourceLocation: sourceLocation)
        return error
    }
}
