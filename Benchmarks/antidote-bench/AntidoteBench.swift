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
        print(try await page(options).markdown)
    }

    /// Away from the main thread, which everything would come back to after each step.
    @concurrent private static func page(_ options: Options) async throws -> Page {
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
        if options.wants(.services) {
            let benchmark = ServicesBenchmark(pairs: options.pairs, programs: options.programs, progress: progress)
            sections += try await benchmark.run()
        }
        if options.wants(.lab) || options.wants(.many) {
            sections += try await onEngine(options, progress)
        }
        return Page(about: options.about, sections: sections)
    }

    private static func onEngine(_ options: Options, _ progress: ProgressLine) async throws -> [Section] {
        guard let socket = options.socket else {
            throw AntidoteError(.configurationInvalid, "the socket of a Docker Engine is wanted: --socket PATH")
        }
        let workbench = try LabWorkbench(socket: socket, instance: options.instance, curriculum: options.curriculum)
        try workbench.engine.removeAll(of: options.instance)
        defer { try? workbench.engine.removeAll(of: options.instance) }
        var sections: [Section] = []
        if options.wants(.lab) {
            let benchmark = LabBenchmark(workbench: workbench, pairs: options.pairs, progress: progress)
            sections.append(try await benchmark.run())
        }
        if options.wants(.many) {
            let benchmark = ManyBenchmark(workbench: workbench, pairs: options.pairs, progress: progress)
            sections.append(try await benchmark.run())
        }
        return sections
    }
}
