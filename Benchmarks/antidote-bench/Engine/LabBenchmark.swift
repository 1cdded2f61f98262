import AntidoteCore
import BenchmarkStatistics

/// How long one lab takes to come and to go, next to a script that asks the engine for the same.
struct LabBenchmark {
    let workbench: LabWorkbench
    let pairs: Int
    let progress: ProgressLine

    private static let goal = 1.05
    /// How many labs stay for the figures of what a lab costs that is only there.
    private static let live = 4
    private static let idle = Duration.seconds(10)

    private struct Samples {
        var ready = PairedSample()
        var gone = PairedSample()
        var cpu = PairedSample()
        var wakeUps = PairedSample()
    }

    func run() async throws -> Section {
        let script = try LabScript(try await workbench.recording(of: .lesson), at: workbench.engine)
        let embedded = try workbench.embedded()
        return try await embedded.withRunning { running in
            var samples = Samples()
            // The first of each pays for what is only done once.
            _ = try await own(running)
            _ = try await bare(script, 0)
            for pair in 0..<pairs {
                progress.show("lab", pair, of: pairs)
                // Whoever comes second may find the engine warmer.
                let isOwnFirst = pair.isMultiple(of: 2)
                let first = isOwnFirst ? try await own(running) : try await bare(script, pair)
                let second = isOwnFirst ? try await bare(script, pair) : try await own(running)
                let (measured, floor) = isOwnFirst ? (first, second) : (second, first)
                samples.ready.add(measured: measured.ready, floor: floor.ready)
                samples.gone.add(measured: measured.gone, floor: floor.gone)
                samples.cpu.add(measured: measured.usage.cpu, floor: floor.usage.cpu)
                samples.wakeUps.add(
                    measured: Double(measured.usage.wakeUps),
                    floor: Double(max(1, floor.usage.wakeUps))
                )
            }
            return section(samples, notes: try await costOfLiving(running))
        }
    }

    private struct Round {
        var ready: Double
        var gone: Double
        var usage: ProcessUsage
    }

    private func own(_ running: RunningInstance) async throws -> Round {
        let before = ProcessUsage.now
        let (id, ready, _) = try await metered {
            let id = try await running.start(LabWorkbench.source(.lesson))
            _ = try await running.ready(id)
            return id
        }
        let (_, gone, _) = try await metered { try await running.remove(id) }
        return Round(ready: ready, gone: gone, usage: ProcessUsage.now - before)
    }

    private func bare(_ script: LabScript, _ number: Int) async throws -> Round {
        let before = ProcessUsage.now
        let (lab, ready, _) = try await metered { try await onThread { try script.up(number) } }
        let (_, gone, _) = try await metered { try await onThread { try script.down(lab) } }
        return Round(ready: ready, gone: gone, usage: ProcessUsage.now - before)
    }

    /// What labs cost while nothing happens to them.
    private func costOfLiving(_ running: RunningInstance) async throws -> [String] {
        progress.say("lab: \(Self.live) labs stay for \(Self.idle)")
        let before = ProcessUsage.now
        var ids: [EnvironmentID] = []
        for number in 0..<Self.live {
            ids.append(
                try await running.start(
                    LabWorkbench.source(.lesson),
                    owner: OwnerID(unchecked: "resident-\(number)")
                )
            )
        }
        for id in ids { _ = try await running.ready(id) }
        let memory = ProcessUsage.now.memory - before.memory
        let (_, seconds, usage) = try await metered { try await Task.sleep(for: Self.idle, clock: .continuous) }
        for id in ids { try await running.remove(id) }
        return [
            "Memory of the process: \(Double(before.memory).asMemory); for each live lab \(Self.perLab(memory)) more.",
            """
            With \(Self.live) labs and nothing to do: \((usage.cpu / seconds * 1000).text(2)) ms of CPU and \
            \((Double(usage.wakeUps) / seconds).text(1)) wake-ups a second in all.
            """,
        ]
    }

    private static func perLab(_ memory: Int) -> String { (Double(max(0, memory)) / Double(live)).asMemory }

    private func section(_ samples: Samples, notes: [String]) -> Section {
        let ratio = samples.ready.ratio?.median ?? .infinity
        var section = Section(
            title: "One lab",
            about: """
                A lesson of the examples: two machines, a cable between them, files, a gate; its scripts are left out. \
                Through the whole product, from the request to READY and from the removal to gone. The floor is a \
                script that sends the same requests (recorded from the backend) over plain blocking sockets, as much \
                at once, and waits for the same lines of the gate; what only guards against crashes and other workers \
                (lists, events, second looks) it leaves out.
                """
        )
        section.rows = [
            Section.Row(
                what: "requested → READY",
                measured: time(samples.ready.measured),
                floor: time(samples.ready.floor),
                ratio: samples.ready.ratio,
                goal: Section.Goal(text: "1.05", isMet: ratio <= Self.goal)
            ),
            Section.Row(
                what: "removed → gone",
                measured: time(samples.gone.measured),
                floor: time(samples.gone.floor),
                ratio: samples.gone.ratio
            ),
            Section.Row(
                what: "CPU of our process (floor: of the script)",
                measured: time(samples.cpu.measured),
                floor: time(samples.cpu.floor),
                ratio: samples.cpu.ratio
            ),
            Section.Row(
                what: "wake-ups of our process (floor: of the script)",
                measured: (samples.wakeUps.measured?.median ?? .nan).text(),
                floor: (samples.wakeUps.floor?.median ?? .nan).text(),
                ratio: samples.wakeUps.ratio
            ),
        ]
        section.notes = notes
        return section
    }

    private func time(_ estimate: MedianEstimate?) -> String { (estimate?.median ?? .nan).asTime }
}
