import Foundation
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The whole way of a lab on the backend that builds nothing.
@Suite("On the fake backend", .timeLimit(.minutes(2)))
struct FakeRunTests {
    let program: Program
    let lesson = ["run", "hello-network", "--curriculum", Curriculum.example, "--backend", "fake"]

    init() throws { program = try Program() }

    @Test func aLessonChangesItsStagesAndGoes() async throws {
        try await program.start(lesson + ["--output", "json"]) { run in
            #expect(try await run.access(1).stage == 0)
            for (number, stage) in [1, 0, 2].enumerated() {
                run.type("\(stage)")
                let access = try await run.access(number + 2)
                #expect(access.stage == stage)
                #expect(access.guide.hasSuffix("/lessons/hello-network/stage\(stage)/guide.md"))
            }
            try await run.says("Ctrl-C to leave", times: 4)
            run.send(SIGINT)
            #expect(try await run.ending() == .exited(0))
            #expect(
                run.errors.value.text.hasSuffix("Taking the lab away … (again to stop at once)\nThe lab is gone.\n")
            )
            // Nothing that only a terminal understands.
            #expect(!run.errors.value.text.contains("\u{1B}"))
        }
    }

    @Test func aTextForPeopleTellsEverythingThatTheyNeed() async throws {
        let finished = try await program.start(lesson + ["--leave-when-ready", "--show-passwords"]) {
            try await Finished($0)
        }
        #expect(finished.ending == .exited(0), "\(finished)")
        for text in [
            "Hello, network is ready, stage 0: Say hello", "ssh -p 22 ", "antidote@192.0.2.1", "http://192.0.2.1:80/",
            "password antidotepassword", "guide: \(Curriculum.example)/lessons/hello-network/stage0/guide.md",
        ] {
            #expect(finished.output.contains(text), "\(text)")
        }
        for endpoint in ["workstation", "webserver"] {
            #expect(finished.errors.contains("\(endpoint): "))
        }
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func anInterruptionTellsHowItEnded(signal: Int32) async throws {
        // It is not ready by itself however late the signal comes.
        let curriculum = try Curriculum()
        try curriculum.delayReadiness(of: "hello-network", seconds: 600)
        let arguments = ["run", "hello-network", "--curriculum", curriculum.path, "--backend", "fake"]
        try await program.start(arguments) { run in
            try await run.says("Bringing up hello-network")
            run.send(signal)
            #expect(try await run.ending() == .exited(128 + signal), "\(run.failure("interrupted"))")
            #expect(run.output.value.text.isEmpty)
        }
    }

    @Test func theEndOfItsInputIsNoReasonToLeave() async throws {
        try await program.start(lesson) { run in
            run.closeInput()
            try await run.says("Ctrl-C to leave")
            run.send(SIGTERM)
            #expect(try await run.ending() == .exited(0))
        }
    }

    @Test func progressIsDrawnInPlaceInATerminal() async throws {
        let command = ([program.path] + lesson + ["--leave-when-ready"]).map { "'\($0)'" }.joined(separator: " ")
        #if canImport(Darwin)
        let terminal = ["script", "-q", "/dev/null", "sh", "-c", command]
        #else
        let terminal = ["script", "--quiet", "--return", "--command", command, "/dev/null"]
        #endif
        let variables = program.environment.merging(["TERM": "xterm"]) { $1 }
        let finished = try await Child.run(terminal, environment: variables) { try await Finished($0) }
        #expect(finished.ending == .exited(0), "\(finished)")
        // Two lines up, for two endpoints, and everything from there on erased.
        #expect(finished.output.contains("\u{1B}[2A\u{1B}[J"))
        #expect(finished.output.contains("\u{1B}[J  workstation  "))
        #expect(finished.output.contains("\n  webserver    "))
        #expect(finished.output.contains("The lab is gone."))
    }

    @Test func aDumbTerminalGetsPlainLines() async throws {
        let command = ([program.path] + lesson + ["--leave-when-ready"]).map { "'\($0)'" }.joined(separator: " ")
        #if canImport(Darwin)
        let terminal = ["script", "-q", "/dev/null", "sh", "-c", command]
        #else
        let terminal = ["script", "--quiet", "--return", "--command", command, "/dev/null"]
        #endif
        let variables = program.environment.merging(["TERM": "dumb"]) { $1 }
        let finished = try await Child.run(terminal, environment: variables) { try await Finished($0) }
        #expect(finished.ending == .exited(0), "\(finished)")
        #expect(!finished.output.contains("\u{1B}"))
    }

    @Test func aReaderThatWentAwayIsNoError() async throws {
        let words = lesson.map { "'\($0)'" }.joined(separator: " ")
        let finished = try await program.shell("(antidote \(words) --leave-when-ready; echo status $? >&2) | true")
        #expect(finished.errors.contains("status 0"), "\(finished)")
    }
}
