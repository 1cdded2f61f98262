import AntidoteCore
import BenchmarkStatistics
import Foundation

/// What many live lessons cost while nobody does anything.
struct ResidentFigures {
    let installation: Installation
    let progress: ProgressLine

    private static let count = 100_000
    private static let idle = 65

    func run() async throws -> Section {
        var section = Section(
            title: "Many live lessons",
            about: """
                \(Self.count.formatted) lessons that are READY, each with its session, its events and what the fake \
                backend keeps of it: copies of one that was asked for. Then the services are started, one of each, and \
                nobody asks for anything: what is counted of their rest begins when they have looked at everything once.
                """
        )
        try await prepare()
        let ready = try await restart()
        progress.say("services: \(Self.count.formatted) live lessons, \(Self.idle) seconds of rest")
        try await settle()
        let before = installation.usage
        try await Task.sleep(for: .seconds(Self.idle))
        let after = installation.usage
        let share = (after.cpu - before.cpu) / Double(Self.idle)
        let found = try await timeToFind()
        section.rows = [
            row("memory of all services", after.memory.asMemory, "512 MiB", after.memory <= 512 * 1_048_576),
            row("CPU of all services, of one core", "\((share * 100).text(2)) %", "5 %", share <= 0.05),
            row("an expired one is found in", median(found).asTime, "5 ms", median(found) <= 0.005),
            row("from the start of all services to serving", ready.asTime, "2 s", ready <= 2),
        ]
        let memory = Installation.Program.allCases.map { program in
            "\(program.rawValue) \((after[program]?.memory ?? 0).asMemory)"
        }
        section.notes = [
            "Memory of \(memory.joined(separator: ", ")).",
            "CPU in \(Self.idle) seconds: \(after.text(since: before, for: 1)).",
        ]
        return section
    }

    private func row(_ what: String, _ measured: String, _ goal: String, _ isMet: Bool) -> Section.Row {
        Section.Row(what: what, measured: measured, floor: "–", goal: Section.Goal(text: goal, isMet: isMet))
    }

    /// All of them at once, until the API says that it can serve, in seconds.
    private func restart() async throws -> Double {
        var times: [Double] = []
        for _ in 0..<5 {
            await installation.stop()
            let start = ContinuousClock.now
            try installation.start()
            try installation.waitUntilReady()
            times.append(start.duration(to: .now) / .seconds(1))
        }
        return median(times)
    }

    /// Right after their start they look at everything once.
    private func settle() async throws {
        for _ in 0..<30 {
            let before = installation.usage.cpu
            try await Task.sleep(for: .seconds(2))
            if installation.usage.cpu - before < 0.1 { return }
        }
    }

    /// What the collector asks the database, when one row of all is due, in seconds.
    private func timeToFind() async throws -> [Double] {
        let database = installation.database
        await installation.stop([.gc])
        var times: [Double] = []
        for number in 0..<15 {
            try await database.run(
                """
                update antidote_state_environments set due_collector = now() - interval '1 second' \
                where id = (select id from antidote_state_environments order by ticket offset \(number * 997) limit 1)
                """
            )
            let text = try await database.run(
                """
                begin; explain (analyze, format json) \
                select * from antidote_state_environments where backend = 'fake' \
                and due_collector <= statement_timestamp() order by due_collector limit 64 \
                for update skip locked; rollback
                """
            )
            let plan = try JSONDecoder().decode([Plan].self, from: Data(text.utf8))
            times.append(((plan.first?.execution ?? .infinity) + (plan.first?.planning ?? 0)) / 1000)
        }
        return times
    }

    private struct Plan: Decodable {
        var planning: Double
        var execution: Double

        private enum CodingKeys: String, CodingKey {
            case planning = "Planning Time"
            case execution = "Execution Time"
        }
    }

    private func prepare() async throws {
        progress.say("services: making \(Self.count.formatted) live lessons")
        try installation.start()
        try installation.waitUntilReady()
        let copies = ResidentCopies(installation: installation)
        try await copies.make(Self.count)
        await installation.stop()
    }
}

extension Int {
    fileprivate var formatted: String { Double(self).text() }
}
