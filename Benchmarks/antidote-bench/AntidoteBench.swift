import AntidoteCore
import Foundation

/// Measures, and writes the page of results to standard output. `Scripts/bench` is the way to call it.
@main
struct AntidoteBench {
    static func main() async throws {
        let options: Options
        do {
            options = try Options(CommandLine.arguments.dropFirst())
        } catch let error as AntidoteError {
            ProgressLine().say("antidote-bench: \(error)")
            exit(64)
        }
        var sections: [Section] = []
        let progress = ProgressLine()
        if options.wants(.core) {
            sections.append(try await CoreBenchmark(pairs: options.pairs, progress: progress).run())
        }
        if options.wants(.lessons) {
            sections.append(
                try LessonsBenchmark(pairs: options.pairs, example: options.curriculum, progress: progress).run()
            )
        }
        print(Page(about: options.about, sections: sections).markdown)
    }
}
