import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

extension EngineTests {
    @Test func aLessonIsReachedAndChangesItsStages() async throws {
        try await engine.withRun(["hello-network", "--output", "json", "--show-passwords"]) { run in
            let first = try await run.access()
            #expect(first.lesson == "hello-network")
            #expect(first.stage == 0)
            #expect(first.backend == "docker")
            try await expectPage(first, "Hello, network")
            try await expectCable(first)
            #expect(try await LearnerShell(first).run("ls") == "")

            run.type("1")
            let second = try await run.access(2)
            #expect(second.stage == 1)
            try await expectPage(second, "Under construction")
            // What a learner leaves behind is gone when the stage is entered again.
            _ = try await LearnerShell(second).run("echo mine > answer.txt")

            run.type("0")
            let third = try await run.access(3)
            #expect(third.stage == 0)
            try await expectPage(third, "Hello, network")
            #expect(try await LearnerShell(third).run("ls") == "")

            run.type("nine")
            try await run.says("“nine” is no stage: there are 0 to 2.")
            run.type("2")
            let fourth = try await run.access(4)
            #expect(fourth.stage == 2)
            try await expectPage(fourth, "Two ways, one page")
            #expect(try await LearnerShell(fourth).run("cat hint.txt").contains("ssh antidote@webserver"))

            run.send(SIGINT)
            #expect(try await run.ending() == .exited(0))
            #expect(run.errors.value.text.contains("The lab is gone."))
        }
    }

    @Test func aLessonStartsAtTheStageThatIsAskedFor() async throws {
        try await engine.withRun(["hello-network", "--stage", "2", "--output", "json", "--leave-when-ready"]) { run in
            let access = try await run.access()
            #expect(access.stage == 2)
            // Passwords are shown to those who ask.
            #expect(access.presentation(of: "workstation")?.password == nil)
            #expect(try await run.ending() == .exited(0))
            #expect(!run.output.value.text.contains("antidotepassword"))
        }
    }

    private func expectPage(_ access: AccessDocument, _ text: String) async throws {
        let url = try #require(access.presentation(of: "webserver")?.url)
        #expect(url.hasPrefix("http://127.0.0.1:"))
        let answer = try await Web.get(url)
        #expect(answer.status == "200")
        #expect(answer.page.contains("<h1>\(text)</h1>"))
    }

    /// The author's addresses are on interfaces of their own, and lead to the other machine.
    private func expectCable(_ access: AccessDocument) async throws {
        let workstation = try LearnerShell(access)
        let command = "ip -brief -4 address"
        let answers = [try await workstation.run(command), try await workstation.run(command, on: "webserver")]
        var addresses: [String] = []
        for answer in answers {
            let lines = answer.split(separator: "\n")
            let cable = try #require(lines.first { $0.contains(" 10.20.30.") }, "\(lines)")
            let words = cable.split(separator: " ")
            #expect(words[0].hasPrefix("net0@"))
            #expect(words[2].hasSuffix("/24"))
            addresses.append(String(words[2].dropLast(3)))
        }
        #expect(Set(addresses).count == 2)
        let page = try await workstation.run("curl -sS --max-time 5 http://\(addresses[1])/")
        #expect(page.contains("<h1>Hello, network</h1>"))
        #expect(try await workstation.run("ip route get \(addresses[1])").contains("dev net0"))
    }
}
