import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

extension EngineTests {
    /// How far a run is when it is interrupted.
    enum Moment: String, CaseIterable {
        /// Before it has made anything.
        case begun
        case firstContainer
        case running
        case configuring
        case ready
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func aRunThatIsInterruptedLeavesNothing(signal: Int32) async throws {
        try await engine.withEvents { events in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for moment in Moment.allCases {
                    // Not all at once: a machine has only so many cores.
                    if moment == .running || moment == .ready { try await group.next() }
                    group.addTask { try await interrupt(at: moment, with: signal, events) }
                }
                try await group.waitForAll()
            }
        }
    }

    private func interrupt(at moment: Moment, with signal: Int32, _ events: Child) async throws {
        try await engine.withRun(["shell-basics"]) { run in
            switch moment {
            case .begun: try await run.says("Bringing up shell-basics, stage 0, on docker")
            case .firstContainer: try await events.event("create ", of: run.pid)
            case .running: try await events.event("start endpoint ", of: run.pid)
            case .configuring: try await events.event("start job ", of: run.pid)
            case .ready: try await run.says("Ctrl-C to leave")
            }
            run.send(signal)
            let ending = try await run.ending()
            #expect(ending == .exited(moment == .ready ? 0 : 128 + signal), "\(run.failure("at \(moment)"))")
            #expect(run.errors.value.text.contains("Taking the lab away"))
            #expect(run.errors.value.text.hasSuffix("The lab is gone.\n"), "\(run.failure("at \(moment)"))")
        }
    }

    @Test func aSecondSignalEndsAtOnceAndTheNextRunCleansUp() async throws {
        let pid = try await killed { run in
            run.send(SIGINT)
            try await run.says("Taking the lab away")
            run.send(SIGINT)
            #expect(try await run.ending() == .exited(130))
            #expect(run.errors.value.text.hasSuffix("Stopped. The next run removes what is left.\n"))
        }
        try await expectCleaned(pid)
    }

    @Test func aRunThatIsKilledIsCleanedUpByTheNext() async throws {
        let pid = try await killed { run in
            run.send(SIGKILL)
            let ending = try await run.ending()
            #expect(ending == .killed(SIGKILL))
        }
        #expect(try await engine.belongings(of: pid).count > 1)
        try await expectCleaned(pid)
    }

    @Test func aRunLeavesAnotherThatIsAliveAlone() async throws {
        try await engine.withRun(["shell-basics", "--output", "json", "--show-passwords"]) { first in
            let access = try await first.access()
            let before = try await engine.belongings(of: first.pid)
            try await engine.withRun(["shell-basics", "--leave-when-ready"]) { second in
                try await second.says("Ready.")
                #expect(try await engine.belongings(of: second.pid).count > 1)
                #expect(try await second.ending() == .exited(0))
                #expect(!second.errors.value.text.contains("Removed"))
            }
            #expect(try await engine.belongings(of: first.pid) == before)
            #expect(try await LearnerShell(access).run("ls desk") == "letters\nreceipts")
            first.send(SIGTERM)
            #expect(try await first.ending() == .exited(0))
        }
    }

    @Test func aReaderThatWentAwayLeavesNoLabBehind() async throws {
        let finished = try await engine.program().shell(
            "(antidote run shell-basics --leave-when-ready --curriculum '\(Curriculum.example)'; echo status $? >&2)"
                + " | head -n 1 >/dev/null"
        )
        #expect(finished.errors.contains("status 0"), "\(finished)")
        #expect(finished.errors.contains("The lab is gone."), "\(finished)")
    }

    /// A run that ended with its lab still there.
    private func killed(_ body: (Child) async throws -> Void) async throws -> Int32 {
        let program = try engine.program()
        return try await program.start(["run", "shell-basics", "--curriculum", Curriculum.example]) { run in
            try await run.says("Ctrl-C to leave")
            try await body(run)
            return run.pid
        }
    }

    private func expectCleaned(_ pid: Int32) async throws {
        try await engine.withRun(["shell-basics", "--leave-when-ready"]) { next in
            let ending = try await next.ending()
            #expect(ending == .exited(0))
            #expect(next.errors.value.text.contains("Removed 1 lab of a run that had ended.\n"))
        }
        #expect(try await engine.belongings(of: pid).isEmpty)
    }
}

extension Child {
    /// Returns when the engine told of an event of a run.
    fileprivate func event(_ beginning: String, of pid: Int32) async throws {
        try await line { $0.hasPrefix(beginning) && $0.contains("/\(pid)/") }
    }
}
