import AntidoteCore
import AntidoteLessons
import AntidoteRuntime
import ArgumentParser
import ConcurrencyKit
import CurriculumFiles
import Foundation
import Logging
import Synchronization
import UnixSignals

/// One `antidote run`: reads the curriculum, brings the lab up, and removes it.
struct RunSession: Sendable {
    let lesson: String
    let stage: Int
    let leavesWhenReady: Bool
    let showsPasswords: Bool
    let settings: Settings
    let runner: CommandRunner
    let logger: Logger
    private let interruption = Interrupted()

    private var console: Console { runner.console }

    /// The first signal, and whether the lab was ready when it arrived.
    private final class Interrupted: Sendable {
        let state = Mutex<(signal: UnixSignal?, wasReady: Bool)>((nil, false))
    }

    func run() async throws {
        do {
            try await Interruption.guarding(
                onFirst: { signal in
                    interruption.state.withLock { $0.signal = signal }
                    console.say("\nTaking the lab away … (again to stop at once)")
                },
                onSecond: { console.say("Stopped. The next run removes what is left.") },
                { try await bringUp() }
            )
        } catch is CancellationError {
            console.say("The lab is gone.")
            let (signal, wasReady) = interruption.state.withLock { $0 }
            if !wasReady, let signal { throw ExitStatus.of(signal) }
        }
    }

    private func bringUp() async throws {
        let reader = CurriculumReader(directory: settings.curriculumDirectory ?? ".")
        let library = try DirectoryLibrary(reader: reader, lesson: lesson)
        let edition = try await library.currentEdition(of: lesson)
        guard edition.lesson.stages.indices.contains(stage) else {
            throw AntidoteError(
                .notFound,
                "the lesson “\(lesson)” has no stage \(stage)",
                recovery: "Its stages are 0 to \(edition.lesson.stages.count - 1)."
            )
        }
        let (selection, why) = try await BackendSelection.select(
            settings.backend,
            settings: settings,
            environment: runner.environment
        )
        if let why { console.say(why) }
        let run = try LessonRun(
            edition: edition,
            library: library,
            settings: settings,
            selection: selection,
            owner: .current,
            logger: logger
        )
        let abandoned = try await run.removeAbandonedLabs()
        switch abandoned {
        case 0: break
        case 1: console.say("Removed 1 lab of a run that had ended.")
        default: console.say("Removed \(abandoned) labs of runs that had ended.")
        }
        console.say("Bringing up \(lesson), stage \(stage), on \(selection.name)")
        try await run.instance.withRunning { running in
            let id = try await running.start(edition.source, revision: stage, owner: OwnerID(validating: "run"))
            try await withProgress(of: id, running, edition) { try await use(id, running, edition, selection.name) }
        }
        try Task.checkCancellation()
        console.say("The lab is gone.")
    }

    /// Shows progress while `body` runs.
    private func withProgress(
        of id: EnvironmentID,
        _ running: RunningInstance,
        _ edition: LessonEdition,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await running.withProgress(of: id) { snapshots in
                    var view = ProgressView(console: console, endpoints: edition.lesson.endpoints.map(\.name))
                    for await snapshot in snapshots { view.show(snapshot) }
                }
                return false
            }
            group.addTask {
                try await body()
                return true
            }
            try await group.cancelAllAfterFirstTrue()
        }
    }

    private func use(
        _ id: EnvironmentID,
        _ running: RunningInstance,
        _ edition: LessonEdition,
        _ backend: String
    ) async throws {
        try await showAccess(id, running, edition, backend)
        interruption.state.withLock { $0.wasReady = true }
        if leavesWhenReady { return }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                if let error = try await running.failure(of: id) { throw error }
                return true
            }
            group.addTask {
                for await line in StageInput.lines() { try await change(to: line, id, running, edition, backend) }
                return false
            }
            try await group.cancelAllAfterFirstTrue()
        }
    }

    private func showAccess(
        _ id: EnvironmentID,
        _ running: RunningInstance,
        _ edition: LessonEdition,
        _ backend: String
    ) async throws {
        let row = try await running.ready(id)
        guard let provisioned = row.provisioned else { return }
        let report = AccessReport(
            edition: edition,
            stage: row.revision,
            backend: backend,
            curriculumDirectory: settings.curriculumDirectory ?? ".",
            provisioned: provisioned,
            showsPasswords: showsPasswords
        )
        console.say("Ready.")
        console.print(runner.output == .json ? try report.json() : report.text)
        guard !leavesWhenReady else { return }
        console.say("\nCtrl-C to leave; a stage number and Enter to change the stage.")
    }

    private func change(
        to line: String,
        _ id: EnvironmentID,
        _ running: RunningInstance,
        _ edition: LessonEdition,
        _ backend: String
    ) async throws {
        let word = line.filter { !$0.isWhitespace }
        if word.isEmpty { return }
        guard let stage = Int(word), edition.lesson.stages.indices.contains(stage) else {
            console.say("“\(word.prefix(20))” is no stage: there are 0 to \(edition.lesson.stages.count - 1).")
            return
        }
        console.say("Changing to stage \(stage)")
        try await running.change(id, toRevision: stage)
        try await showAccess(id, running, edition, backend)
    }
}

/// The stage numbers that the user types.
enum StageInput {
    /// The lines of standard input.
    static func lines() -> AsyncStream<String> {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingOldest(16))
        // A thread, because reading a terminal blocks, and no asynchronous read works on every platform.
        Thread.detachNewThread {
            while let line = readLine() { continuation.yield(line) }
            continuation.finish()
        }
        return stream
    }
}
