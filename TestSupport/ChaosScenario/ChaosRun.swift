package import AntidoteCore
import HostPrograms

/// One run: an installation, visitors, faults, and then the question whether the rules held.
package struct ChaosRun: Sendable {
    private let options: ChaosOptions
    private let time: TimeSource

    package init(_ options: ChaosOptions, time: TimeSource = .system) {
        self.options = options
        self.time = time
    }

    package func run() async throws -> ChaosReport {
        let random = RandomSource.seeded(options.seed)
        let world = try await World(
            programs: options.programs ?? WorldFolder.ownPrograms,
            engine: options.engine,
            random: random,
            time: time
        )
        let front = Front(time: time, random: .seeded(random.next()))
        let report: ChaosReport
        do {
            report = try await run(world, front, random)
        } catch {
            await world.end()
            throw ChaosFailure("\(error); the logs are in \(world.folder.path)")
        }
        await world.end()
        try world.folder.write("report.txt", "\(report)\n\(report.diary.joined(separator: "\n"))\n")
        if report.isRight, !options.keepsLogs { world.folder.remove() }
        return report
    }

    private func run(_ world: World, _ front: Front, _ random: RandomSource) async throws -> ChaosReport {
        for copy in world.copies where copy.role == .api {
            try front.open(copy)
            try await ready(copy, front)
        }
        if options.busIsDown { await world.bus.stop() }
        let watch = ProviderWatch(world: world)
        let injector = FaultInjector(world: world, random: .seeded(random.next()), busIsDown: options.busIsDown)
        let visitors = Visitors(front: front, time: time, random: .seeded(random.next()), rate: options.rate)
        let start = time.uptime()
        let upgrade = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await watch.run() }
            async let visits: Void = visitors.come()
            try await watch.plantStrangers()
            try await injector.happen(options.faults, within: .seconds(options.seconds))
            // Those that began in trouble come through it first.
            let upgrade = options.upgrades ? try await calmUpgrade(world, front) : nil
            visitors.gate.close()
            await visits
            group.cancelAll()
            return upgrade
        }
        let survey = Survey(world: world, front: front, watch: watch)
        var (record, unrest) = try await survey.untilRest(within: .seconds(60))
        record.upgrade = upgrade
        let violations = Checker(record).violations() + unrest
        return ChaosReport(
            options: options,
            record: record,
            violations: violations,
            surprises: world.surprises.all,
            faults: injector.counts,
            diary: injector.diary,
            waits: visitors.waits.text,
            readyCount: visitors.waits.count,
            refusals: front.refusals,
            duration: time.uptime() - start,
            folder: world.folder.path
        )
    }

    /// Replaces everything under load, when nothing is amiss any more.
    private func calmUpgrade(_ world: World, _ front: Front) async throws -> RunRecord.Upgrade {
        for copy in world.copies where copy.role == .api { try await ready(copy, front) }
        // What a stopped program or a silent wire still holds back has its end by then.
        try await time.sleep(.seconds(15))
        let (start, ready) = (world.now, try await world.rows().filter { $0.phase == "READY" })
        try await RollingUpgrade(world: world, front: front).run()
        return RunRecord.Upgrade(from: start, to: world.now, ready: ready)
    }

    private func ready(_ copy: ServiceCopy, _ front: Front) async throws {
        var reason = ""
        for _ in 0..<300 {
            guard let why = await front.unreadiness(of: copy) else { return }
            reason = why
            // Without its bus it says that it is not, and works.
            if options.busIsDown, await front.openSession() != nil { return }
            try await time.sleep(.milliseconds(200))
        }
        throw ChaosFailure("\(copy.name) is not ready after a minute: \(reason)\n\(front.problems)")
    }
}
