import BenchmarkStatistics

/// How many environments a second go through the core, on a backend that takes no time.
struct CoreBenchmark {
    let pairs: Int
    let progress: ProgressLine

    /// Of one round: enough that its beginning and its end do not count.
    private static let environments = 4000
    private static let goal = 20_000.0

    func run() async throws -> Section {
        let count = Self.environments
        var toReady = PairedSample()
        var toGone = PairedSample()
        var whole = PairedSample()
        var measuredCPU: [Double] = []
        var readyCPU: [Double] = []
        var floorCPU: [Double] = []
        var requestCPU: [Double] = []
        var wakeUps: [Double] = []
        // The first round pays for what is only done once.
        _ = try await CoreRound(count: count).run()
        _ = try await StoreRound(count: count).run()
        for pair in 0..<pairs {
            progress.show("core", pair, of: pairs)
            let core = try await CoreRound(count: count).run()
            let store = try await StoreRound(count: count).run()
            toReady.add(measured: core.secondsToReady, floor: store.secondsToReady)
            toGone.add(measured: core.secondsToGone, floor: store.secondsToGone)
            whole.add(
                measured: core.secondsToReady + core.secondsToGone,
                floor: store.secondsToReady + store.secondsToGone
            )
            measuredCPU.append((core.usageToReady.cpu + core.usageToGone.cpu) / Double(count))
            readyCPU.append(core.usageToReady.cpu / Double(count))
            floorCPU.append((store.cpuToReady + store.cpuToGone) / Double(count))
            requestCPU.append(try await CoreRound(count: count).runRequests() / Double(count))
            wakeUps.append(Double(core.usageToReady.wakeUps + core.usageToGone.wakeUps) / Double(count))
        }
        let rate = toReady.measured.map { Double(count) / $0.median } ?? 0
        var section = Section(
            title: "The core",
            about: """
                \(count) environments of one machine each, asked for by as many owners one after the other, through \
                request, queue, claim, plan, converge, configure and READY, and then through removal until they are \
                gone: in-memory store, in-process bus, fake backend, one scheduler, one collector, every event \
                published. The floor is one task that makes the same transactions of the same store in a row.
                """
        )
        section.rows = [
            row("requested → READY", toReady, Section.Goal(text: "20,000/s", isMet: rate >= Self.goal)),
            row("removed → gone", toGone),
            row("requested → READY → gone", whole),
        ]
        section.notes = [
            """
            CPU for each environment, from request to gone: \(median(measuredCPU).asTime), to READY \
            \(median(readyCPU).asTime); of the floor \
            \(median(floorCPU).asTime); of asking alone, which is the load generator's, \(median(requestCPU).asTime).
            """,
            "Wake-ups for each environment: \(median(wakeUps).text(2)).",
        ]
        return section
    }

    private func row(_ what: String, _ sample: PairedSample, _ goal: Section.Goal? = nil) -> Section.Row {
        func rate(_ estimate: MedianEstimate?) -> String {
            "\((Double(Self.environments) / (estimate?.median ?? .nan)).text())/s"
        }
        return Section.Row(
            what: what,
            measured: rate(sample.measured),
            floor: rate(sample.floor),
            ratio: sample.ratio,
            goal: goal
        )
    }
}

/// The middle of `values`; 0 where there are none.
func median(_ values: [Double]) -> Double { MedianEstimate(values)?.median ?? 0 }
