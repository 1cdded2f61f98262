import AntidoteCore
import AntidoteLessons
import BenchmarkStatistics
import CurriculumFiles
import Foundation
import Yams

/// How long the validation of a large curriculum takes.
struct LessonsBenchmark {
    let pairs: Int
    /// The directory of the curriculum whose lesson is copied.
    let example: String
    let progress: ProgressLine

    private static let lessons = 500

    func run() throws -> Section {
        let many = try ManyLessons(Self.lessons, from: URL(fileURLWithPath: example))
        defer { many.remove() }
        let clock = ContinuousClock()
        var sample = PairedSample()
        var cpu: [Double] = []
        for pair in 0..<pairs {
            progress.show("lessons", pair, of: pairs)
            let before = ProcessUsage.now
            let measured = try clock.measure {
                let read = CurriculumReader(directory: many.directory.path).read()
                guard read.problems.isEmpty, read.curriculum.lessons.count == Self.lessons else {
                    throw AntidoteError(.internalFault, "the copied curriculum is not in order")
                }
            }
            cpu.append((ProcessUsage.now - before).cpu)
            let floor = try clock.measure { try readBarely(many) }
            sample.add(measured: measured / .seconds(1), floor: floor / .seconds(1))
        }
        let seconds = sample.measured?.median ?? .infinity
        var section = Section(
            title: "Lessons",
            about: """
                \(Self.lessons) copies of a lesson of the examples (\(many.files.count) files in all) are read and \
                validated. The floor reads the meta files and guides, and has the bare YAML parser read the meta files.
                """
        )
        section.rows = [
            Section.Row(
                what: "\(Self.lessons) lessons validated",
                measured: seconds.asTime,
                floor: (sample.floor?.median ?? .nan).asTime,
                ratio: sample.ratio,
                goal: Section.Goal(text: "1 s", isMet: seconds <= 1)
            )
        ]
        section.notes = ["CPU for all \(Self.lessons): \(median(cpu).asTime)."]
        return section
    }

    private func readBarely(_ many: ManyLessons) throws {
        for file in many.files where file.hasSuffix(".yaml") || file.hasSuffix(".md") {
            let bytes = try Data(contentsOf: many.directory.appendingPathComponent(file))
            if file.hasSuffix(".meta.yaml") { _ = try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self)) }
        }
    }
}
