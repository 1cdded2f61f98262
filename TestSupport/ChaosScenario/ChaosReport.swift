/// What a run came to.
package struct ChaosReport: Sendable, CustomStringConvertible {
    let options: ChaosOptions
    let record: RunRecord
    /// Every rule that did not hold.
    package let violations: [Violation]
    /// What nobody asked for, such as the end of a program.
    package let surprises: [String]
    let faults: [Fault: Int]
    let diary: [String]
    let waits: String
    /// How often a visitor got what was asked for.
    package let readyCount: Int
    let refusals: Int
    let duration: Duration
    let folder: String

    /// How many things went wrong.
    package var faultCount: Int { faults.values.reduce(0, +) }

    /// What never went wrong.
    package var missedFaults: [String] {
        Fault.possible(busIsDown: options.busIsDown).filter { faults[$0] == nil }.map(\.rawValue)
    }

    package var isRight: Bool { violations.isEmpty && surprises.isEmpty }

    package var description: String {
        let what = faults.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) \($0.key)" }
        let exchanges = record.exchanges
        let lessons = Set(record.events.map(\.liveLesson)).count
        let failed = record.events.filter { $0.type == "LiveLessonFailed" }
        var lines = [
            "seed \(options.seed): \(faultCount) faults in \(duration.components.seconds) s"
                + (options.busIsDown ? ", without a bus" : ""),
            "  faults: \(what.joined(separator: ", "))",
            "  requests: \(exchanges.count), \(exchanges.count(where: \.isAccepted)) accepted, "
                + "\(exchanges.count { $0.status.map { (400..<500).contains($0) } ?? false }) refused, "
                + "\(exchanges.count(where: \.isUncertain)) without an answer or with 5xx; \(refusals) connections refused",
            "  live lessons: \(lessons), \(waits); \(record.events.count) events, \(record.samples.count) states of the provider",
            "  failed: \(failed.count) \(Set(failed.compactMap(\.failure)).sorted())",
        ]
        for surprise in surprises.prefix(20) { lines.append("  SURPRISE \(surprise)") }
        for violation in violations.prefix(50) { lines.append("  VIOLATION \(violation)") }
        if !isRight {
            lines += ["  the faults:"] + diary.map { "    \($0)" }
            lines.append("  the logs are in \(folder)")
        }
        lines.append(isRight ? "every rule held" : "\(violations.count) violations, \(surprises.count) surprises")
        return lines.joined(separator: "\n")
    }
}
