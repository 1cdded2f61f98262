import AntidoteCore
import BenchmarkStatistics
import Metrics

/// How many starts a second come out of an engine, next to what it can do at best.
struct ManyBenchmark {
    let workbench: LabWorkbench
    let pairs: Int
    let progress: ProgressLine

    /// Labs that are asked for at once; each is a machine and a gate.
    private static let labs = 6
    private static let startsOfLab = 2
    private static let inFlight = [1, 2, 4, 6]
    /// Batches at each of them.
    private static let batches = 3
    private static let throughputGoal = 0.9
    private static let latencyGoal = 1.3

    private struct Batch {
        /// Starts a second, until all labs are ready.
        var rate: Double
        /// Of the engine's starts.
        var starts: [Double]
        /// When the median lab was ready.
        var typical: Double
        var usage: ProcessUsage
    }

    func run() async throws -> Section {
        let calls = CallTimes()
        MetricsSystem.bootstrap(calls)
        let bareCalls = CallTimes()
        let script = try LabScript(try await workbench.recording(of: .machine), at: workbench.engine, starts: bareCalls)
        let embedded = try workbench.embedded()
        return try await embedded.withRunning { running in
            _ = try await own(running, calls)
            var plateau: [(inFlight: Int, batches: [Batch])] = Self.inFlight.map { ($0, []) }
            for round in 0..<Self.batches {
                progress.say("many: the engine by itself: \(round) of \(Self.batches)")
                for index in plateau.indices {
                    plateau[index].batches.append(try await bare(script, plateau[index].inFlight, bareCalls))
                }
            }
            let best = plateau.max { rate($0.batches) < rate($1.batches) }?.inFlight ?? 2
            let two = plateau.first { $0.inFlight == 2 }?.batches ?? []
            let latencyOfTwo = median(two.flatMap(\.starts))
            var rates = PairedSample()
            var latencies = PairedSample()
            var typical = PairedSample()
            var cpu = PairedSample()
            for pair in 0..<pairs {
                progress.show("many", pair, of: pairs)
                let isOwnFirst = pair.isMultiple(of: 2)
                let first = isOwnFirst ? try await own(running, calls) : try await bare(script, best, bareCalls)
                let second = isOwnFirst ? try await bare(script, best, bareCalls) : try await own(running, calls)
                let (measured, floor) = isOwnFirst ? (first, second) : (second, first)
                rates.add(measured: measured.rate, floor: floor.rate)
                latencies.add(measured: median(measured.starts), floor: latencyOfTwo)
                typical.add(measured: measured.typical, floor: floor.typical)
                cpu.add(measured: measured.usage.cpu / Double(Self.labs), floor: floor.usage.cpu / Double(Self.labs))
            }
            return section(plateau, best, rates: rates, latencies: latencies, typical: typical, cpu: cpu)
        }
    }

    private func own(_ running: RunningInstance, _ calls: CallTimes) async throws -> Batch {
        _ = calls.take()
        let ((ids, moments), seconds, usage) = try await metered {
            let clock = ContinuousClock()
            let start = clock.now
            return try await withThrowingTaskGroup(of: (EnvironmentID, Double).self) { group in
                for number in 0..<Self.labs {
                    group.addTask {
                        let id = try await running.start(
                            LabWorkbench.source(.machine),
                            owner: OwnerID(unchecked: "owner-\(number)")
                        )
                        _ = try await running.ready(id)
                        return (id, start.duration(to: clock.now) / .seconds(1))
                    }
                }
                return try await group.reduce(into: ([EnvironmentID](), [Double]())) { sum, lab in
                    sum.0.append(lab.0)
                    sum.1.append(lab.1)
                }
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in ids { group.addTask { try await running.remove(id) } }
            try await group.waitForAll()
        }
        return batch(seconds, calls, moments, usage)
    }

    private func bare(_ script: LabScript, _ inFlight: Int, _ calls: CallTimes) async throws -> Batch {
        _ = calls.take()
        let (made, seconds, usage) = try await metered {
            let clock = ContinuousClock()
            let start = clock.now
            return try await onThread {
                // Each of so many threads brings up one lab after another.
                try onThreads(Array(0..<inFlight)) { first in
                    try stride(from: first, to: Self.labs, by: inFlight).map { number in
                        (try script.up(number), start.duration(to: clock.now) / .seconds(1))
                    }
                }
            }
        }
        let labs = made.flatMap(\.self)
        try await onThread { _ = try onThreads(labs.map(\.0)) { try script.down($0) } }
        return batch(seconds, calls, labs.map(\.1), usage)
    }

    private func batch(_ seconds: Double, _ calls: CallTimes, _ moments: [Double], _ usage: ProcessUsage) -> Batch {
        Batch(
            rate: Double(Self.labs * Self.startsOfLab) / seconds,
            starts: calls.take(),
            typical: median(moments),
            usage: usage
        )
    }

    private func rate(_ batches: [Batch]) -> Double { median(batches.map(\.rate)) }

    private func section(
        _ plateau: [(inFlight: Int, batches: [Batch])],
        _ best: Int,
        rates: PairedSample,
        latencies: PairedSample,
        typical: PairedSample,
        cpu: PairedSample
    ) -> Section {
        let throughput = rates.ratio?.median ?? 0
        let latency = latencies.ratio?.median ?? .infinity
        var section = Section(
            title: "Many labs",
            about: """
                \(Self.labs) labs of one machine each, asked for at once: \(Self.labs * Self.startsOfLab) containers \
                with the gates. The floor is the bare script with as many labs in flight as brings the most starts a \
                second out of this engine (\(best)), found in the same run.
                """
        )
        section.rows = [
            Section.Row(
                what: "starts a second",
                measured: "\((rates.measured?.median ?? .nan).text(2))/s",
                floor: "\((rates.floor?.median ?? .nan).text(2))/s",
                ratio: rates.ratio,
                goal: Section.Goal(text: "0.9 or more", isMet: throughput >= Self.throughputGoal)
            ),
            Section.Row(
                what: "latency of the engine's starts (floor: with two labs in flight)",
                measured: time(latencies.measured),
                floor: time(latencies.floor),
                ratio: latencies.ratio,
                goal: Section.Goal(text: "1.3 or less", isMet: latency <= Self.latencyGoal)
            ),
            Section.Row(
                what: "until the median lab is READY",
                measured: time(typical.measured),
                floor: time(typical.floor),
                ratio: typical.ratio
            ),
            Section.Row(
                what: "CPU of our process for each lab (floor: of the script)",
                measured: time(cpu.measured),
                floor: time(cpu.floor),
                ratio: cpu.ratio
            ),
        ]
        let lines = plateau.map { place in
            let latency = median(place.batches.flatMap(\.starts)).asTime
            return "\(place.inFlight) in flight: \(rate(place.batches).text(2)) starts/s, \(latency) each"
        }
        section.notes = ["The engine by itself: \(lines.joined(separator: "; "))."]
        return section
    }

    private func time(_ estimate: MedianEstimate?) -> String { (estimate?.median ?? .nan).asTime }
}
