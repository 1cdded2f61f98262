@_spi(StoreKit) import AntidoteCore
import AntidoteTesting
import Logging

/// What the services log, as lines of the history of a run.
enum History {
    static func logger(of process: SimulatedProcess, in simulation: Simulation) -> Logger {
        guard simulation.trace.isRecording else { return Logger(label: process.name) { _ in SwiftLogNoOpLogHandler() } }
        var logger = Logger(label: process.name) { _ in HistoryHandler(process: process.name, simulation: simulation) }
        logger.logLevel = .info
        return logger
    }
}

private struct HistoryHandler: LogHandler {
    let process: String
    let simulation: Simulation
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let shown = (event.metadata ?? [:]).filter { ["antidote.environment", "error"].contains($0.key) }
            .sorted { $0.key < $1.key }.map { "\($0.value)" }.joined(separator: " ")
        simulation.note(process, "\(event.message) \(shown)")
    }
}

/// How the rules speak of things.
enum Describe {
    static func row(_ row: Environment) -> String {
        var text = "\(row.id) \(row.phase.rawValue) of \(row.owner) \(row.source.name)"
        text +=
            " g\(row.generation) r\(row.revision) built \(row.observed.builtGeneration) observed \(row.observed.observedGeneration)"
        text += " i\(row.incarnation) dead \(row.observed.deadThrough) destroyed \(row.observed.destroyedThrough)"
        if row.wanted == .absent { text += " unwanted" }
        if !row.observed.troubled.isEmpty { text += " troubled \(row.observed.troubled)" }
        if row.observed.hasVanished { text += " vanished" }
        if row.attempts.count > 0 { text += " attempts \(row.attempts.count)" }
        if let failure = row.failure { text += " [\(failure.code): \(failure.message)]" }
        if let lease = row.lease { text += " leased by \(lease.worker) #\(lease.fence)" }
        return text
    }
}
