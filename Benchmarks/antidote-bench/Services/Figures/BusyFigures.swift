import AntidoteCore
import BenchmarkStatistics

/// Lifecycles, one at a time, many at once, and at a steady rate.
struct BusyFigures {
    let installation: Installation
    let rounds: Int
    let progress: ProgressLine

    private static let atOnce = 256
    /// Enough for whoever comes while nobody is served for a while.
    private static let sessions = 2000
    private static let time = 5
    private static let rate = 200.0
    /// In seconds of the processors, for each lifecycle.
    private static let cpuGoal = 0.0015

    func run() async throws -> Section {
        var section = Section(
            title: "The services",
            about: """
                `antidote-api`, `antidote-scheduler` and `antidote-gc`, one of each, a PostgreSQL with `fsync` and \
                `synchronous_commit` on, a nats-server, and the load generator share this machine. The fake backend takes \
                no time, and keeps what it made in a folder. A lifecycle is a request over HTTP, READY heard on the bus, \
                a removal over HTTP, and its end heard on the bus. Floors: pgbench with a transaction of one insert and \
                one update of a row of the size of ours, pgbench with the statements of one admission as the server was \
                sent them, and a message to the bus and back.
                """
        )
        let loop = try installation.makeLoop(connections: 48)
        let visitors = try Visitors(Self.sessions, on: loop)
        let load = Load(visitors: visitors)
        progress.say("services: warming up")
        _ = try load.closed(32, for: .seconds(2))
        try await addUnbatched(load, to: &section)
        try await addMany(load, to: &section)
        try addSteady(load, to: &section)
        return section
    }

    private func addUnbatched(_ load: Load, to section: inout Section) async throws {
        let count = 100
        let before = try await installation.database.counts()
        let outcome = try load.single(count)
        let counts = try await installation.database.counts() - before
        let writes = counts.writes / Double(count)
        section.notes.append(
            """
            One lifecycle at a time: \(writes.text(2)) transactions that write, \
            \((counts.transactions / Double(count)).text(2)) with those that only read, and \
            \((counts.syncs / Double(count)).text(2)) writes of the log to disk for each; READY after \
            \(median(outcome.waits).asTime), gone after \((outcome.seconds / Double(count)).asTime).
            """
        )
        progress.say(section.notes.joined())
    }

    private func addMany(_ load: Load, to section: inout Section) async throws {
        let bare = try await Pgbench.bare(on: installation.database, in: installation.folder)
        var sample = PairedSample()
        var (cpu, ownCPU, writes): ([Double], [Double], [Double]) = ([], [], [])
        var (databaseCPU, busCPU): ([Double], [Double]) = ([], [])
        var text = ""
        for round in 0..<rounds {
            progress.say("services: lifecycles, round \(round + 1) of \(rounds)")
            let (before, countsBefore, own) = (
                installation.usage, try await installation.database.counts(), ProcessUsage.now
            )
            let (database, bus) = (installation.database.cpu, installation.busCPU)
            let outcome = try load.closed(Self.atOnce, for: .seconds(Self.time))
            let count = Double(outcome.doneAfterwards)
            databaseCPU.append((installation.database.cpu - database) / count)
            busCPU.append((installation.busCPU - bus) / count)
            ownCPU.append((ProcessUsage.now - own).cpu / count)
            cpu.append((installation.usage.cpu - before.cpu) / count)
            writes.append((try await installation.database.counts() - countsBefore).writes / count)
            text = installation.usage.text(since: before, for: outcome.doneAfterwards)
            sample.add(measured: outcome.rate, floor: try await bare.rate(clients: 32, seconds: Self.time))
            progress.say("services: \(outcome.rate.text())/s, \(median(cpu).asTime): CPU of \(text)")
            progress.say("services: PostgreSQL \(median(databaseCPU).asTime), writes \(median(writes).text(2))")
        }
        let rate = sample.measured?.median ?? 0
        section.rows.append(
            Section.Row(
                what: "lifecycles, \(Self.atOnce) at once (floor: pgbench's bare transactions)",
                measured: "\(rate.text())/s",
                floor: "\((sample.floor?.median ?? .nan).text())/s",
                ratio: sample.ratio,
                goal: Section.Goal(text: "1,000/s", isMet: rate >= 1000)
            )
        )
        section.rows.append(
            Section.Row(
                what: "CPU of all services for a lifecycle",
                measured: median(cpu).asTime,
                floor: "–",
                goal: Section.Goal(text: "1.5 ms", isMet: median(cpu) <= Self.cpuGoal)
            )
        )
        section.notes.append(
            """
            With \(Self.atOnce) at once, for each lifecycle: \(median(writes).text(2)) transactions that write; CPU of \
            \(text); besides of PostgreSQL \(median(databaseCPU).asTime), of the bus \(median(busCPU).asTime) and of the \
            load generator \(median(ownCPU).asTime).
            """
        )
    }

    private func addSteady(_ load: Load, to section: inout Section) throws {
        let line = try installation.makeBusLine()
        var (middle, late) = (PairedSample(), PairedSample())
        for round in 0..<rounds {
            progress.say("services: steady rate, round \(round + 1) of \(rounds)")
            let waits = try load.open(Self.rate, for: .seconds(Self.time)).waits.sorted()
            progress.say("services: READY after \(Self.quantile(0.5, of: waits).asTime)")
            let trips = try (0..<1000).map { _ in try line.roundTrip() }.sorted()
            middle.add(measured: Self.quantile(0.5, of: waits), floor: Self.quantile(0.5, of: trips))
            late.add(measured: Self.quantile(0.99, of: waits), floor: Self.quantile(0.99, of: trips))
        }
        let what = "request → READY heard on the bus, \(Int(Self.rate)) a second"
        for (name, sample, limit) in [("p50", middle, 0.006), ("p99", late, 0.030)] {
            let measured = sample.measured?.median ?? .infinity
            section.rows.append(
                Section.Row(
                    what: "\(what), \(name) (floor: a message to the bus and back)",
                    measured: measured.asTime,
                    floor: (sample.floor?.median ?? .nan).asTime,
                    ratio: sample.ratio,
                    goal: Section.Goal(text: limit.asTime, isMet: measured <= limit)
                )
            )
        }
    }

    private static func quantile(_ share: Double, of sorted: [Double]) -> Double {
        guard !sorted.isEmpty else { return .infinity }
        return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }
}
