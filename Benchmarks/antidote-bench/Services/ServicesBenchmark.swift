import AntidoteCore
import BenchmarkStatistics

/// The services as they are run: the programs, a database, a bus, and visitors over HTTP.
struct ServicesBenchmark {
    let pairs: Int
    /// The folder of the programs.
    let programs: String
    let progress: ProgressLine

    /// A round takes seconds, so there are fewer of them than of other pairs.
    private var rounds: Int { max(3, pairs / 6) }

    func run() async throws -> [Section] {
        progress.say("services: starting them")
        let installation = try await Installation(programs: programs)
        do {
            let sections = try await run(on: installation)
            await installation.end()
            return sections
        } catch {
            await installation.end()
            throw error
        }
    }

    private func run(on installation: Installation) async throws -> [Section] {
        try installation.start()
        try installation.waitUntilReady()
        let busy = BusyFigures(installation: installation, rounds: rounds, progress: progress)
        var section = try await busy.run()
        let admissions = AdmissionFigure(installation: installation, rounds: rounds, progress: progress)
        try await admissions.add(to: &section)
        let resident = ResidentFigures(installation: installation, progress: progress)
        return [section, try await resident.run()]
    }
}
