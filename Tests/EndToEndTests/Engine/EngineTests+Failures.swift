import Foundation
import Testing

extension EngineTests {
    /// Both are tried again for a while, so they are at once.
    @Test func whatCannotBeStartedIsNamed() async throws {
        async let missing: Void = missingImage()
        async let dead: Void = endpointThatEndsAtOnce()
        try await missing
        try await dead
    }

    private func missingImage() async throws {
        let error = try await expectFailure(
            "imagePullFailed",
            naming: "antidotelabs/workstation:no-such-tag",
            environment: ["ANTIDOTE_CURRICULUM_VERSION": "no-such-tag"]
        )
        #expect(error.advice?.contains("build the image") == true)
    }

    @Test func aConfigurationThatFailsShowsItsLastOutput() async throws {
        let curriculum = try Curriculum()
        try curriculum.configureWorkstation(
            """
            import sys
            print('looking around', file=sys.stderr)
            raise SystemExit('there is no router here')

            """
        )
        let error = try await expectFailure(
            "jobFailed",
            naming: "its last output:\n    | looking around\n    | there is no router here\n",
            curriculum: curriculum.path
        )
        #expect(error.place?.contains("workstation") == true)
        #expect(error.logTail == "looking around\nthere is no router here\n")
    }

    @Test func aConfigurationThatHangsIsStopped() async throws {
        let curriculum = try Curriculum()
        try curriculum.configureWorkstation(
            "import time\nprint('waiting for a router', flush=True)\ntime.sleep(600)\n"
        )
        let error = try await expectFailure(
            "jobDeadline",
            naming: "longer than 3",
            environment: ["ANTIDOTE_JOB_DEADLINE": "3"],
            curriculum: curriculum.path
        )
        #expect(error.place?.contains("workstation") == true)
        #expect(error.logTail == "waiting for a router\n")
    }

    private func endpointThatEndsAtOnce() async throws {
        let organisation = "antidote-test-\(ProcessInfo.processInfo.processIdentifier)"
        let image = "\(organisation)/workstation:latest"
        let container = try await engine.docker("create", "antidotelabs/workstation:latest")
        let command = #"CMD ["/bin/sh", "-c", "echo no key found >&2; exit 7"]"#
        try await engine.docker("commit", "--change", "ENTRYPOINT []", "--change", command, container, image)
        try await engine.docker("rm", container)
        let outcome: Result<ErrorDocument.Body, any Error>
        do {
            outcome = .success(
                try await expectFailure(
                    "endpointFailed",
                    naming: "7",
                    environment: ["ANTIDOTE_IMAGE_ORG": organisation]
                )
            )
        } catch {
            outcome = .failure(error)
        }
        try await engine.docker("rmi", image)
        _ = try outcome.get()
    }

    /// Runs `shell-basics`, which must fail with `code`, in words and in JSON, and leave nothing.
    @discardableResult
    private func expectFailure(
        _ code: String,
        naming text: String,
        environment: [String: String] = [:],
        curriculum: String = Curriculum.example,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> ErrorDocument.Body {
        try await engine.withRun(
            ["shell-basics", "--output", "json"],
            environment: environment,
            curriculum: curriculum,
            sourceLocation: sourceLocation
        ) { run in
            let finished = try await Finished(run)
            #expect(finished.ending == .exited(1), "\(finished)", sourceLocation: sourceLocation)
            let error = try #require(try Documents.all(ErrorDocument.self, in: finished.output).first).error
            #expect(error.code == code, sourceLocation: sourceLocation)
            #expect(finished.errors.contains("error[\(error.code)]: "), sourceLocation: sourceLocation)
            #expect(finished.errors.contains(text), "\(finished)", sourceLocation: sourceLocation)
            #expect(error.advice?.isEmpty == false, sourceLocation: sourceLocation)
            return error
        }
    }
}
