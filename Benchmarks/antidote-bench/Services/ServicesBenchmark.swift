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

    func run() throws -> [Section] {
        progress.say("services: starting them")
        let installation = try Installation(programs: programs)
        defer { installation.stop() }
        try installation.start()
        try installation.waitUntilReady()
        let busy = BusyFigures(installation: installation, rounds: rounds, progress: progress)
        var section = try busy.run()
        let admissions = AdmissionFigure(installation: installation, rounds: rounds, progress: progress)
        try admissions.add(to: &section)
        let resident = ResidentFigures(installation: installation, progress: progress)
        return [section, try resident.run()]
    }
}
