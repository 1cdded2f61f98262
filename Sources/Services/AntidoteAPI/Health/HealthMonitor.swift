public import AntidoteCore
import Synchronization

/// Asks the parts that a service stands on whether they work: each bounded in time, and never twice at once.
public final class HealthMonitor: Sendable {
    private let parts: [(name: String, part: any HealthChecking)]
    private let limit: Duration
    private let freshness: Duration
    private let time: TimeSource
    private let state = Mutex(State())

    private struct State {
        var running: Task<[Finding], Never>?
        var last: (findings: [Finding], at: Duration)?
    }

    /// What came of looking at one part.
    struct Finding: Sendable {
        var name: String
        /// `nil`: it works.
        var problem: AntidoteError?
    }

    /// - Parameters:
    ///   - parts: What is looked at, each with the name that it is told by.
    ///   - limit: How long one of them may take.
    ///   - freshness: How long what was found is told again without looking.
    ///   - time: What is waited by.
    public init(
        _ parts: [(name: String, part: any HealthChecking)],
        limit: Duration = .seconds(2),
        freshness: Duration = .milliseconds(500),
        time: TimeSource = .system
    ) {
        self.parts = parts
        self.limit = limit
        self.freshness = freshness
        self.time = time
    }

    /// One for each part, in order.
    func findings() async -> [Finding] {
        let now = time.uptime()
        let task = state.withLock { state -> Task<[Finding], Never>? in
            if let last = state.last, now - last.at < freshness { return nil }
            if let running = state.running { return running }
            // Unstructured, because all who ask meanwhile wait for it, and none of them may take it along when it goes.
            // It ends by itself: every part of it has a deadline.
            let task = Task { await look() }
            state.running = task
            return task
        }
        guard let task else { return state.withLock { $0.last?.findings ?? [] } }
        return await task.value
    }

    private func look() async -> [Finding] {
        let findings = await withTaskGroup(of: (Int, Finding).self) { group in
            for (index, part) in parts.enumerated() {
                group.addTask { (index, await self.look(at: part.part, named: part.name)) }
            }
            var findings: [(Int, Finding)] = []
            for await finding in group { findings.append(finding) }
            return findings.sorted { $0.0 < $1.0 }.map(\.1)
        }
        state.withLock { state in
            state.last = (findings, time.uptime())
            state.running = nil
        }
        return findings
    }

    private func look(at part: any HealthChecking, named name: String) async -> Finding {
        do {
            try await time.withDeadline(limit, onTimeout: self.late) { try await part.checkHealth() }
            return Finding(name: name)
        } catch {
            return Finding(name: name, problem: AntidoteError.wrapping(error))
        }
    }

    private var late: AntidoteError {
        AntidoteError(
            .deadlineExceeded,
            "no answer within \(limit.inSeconds) seconds",
            recovery: "See that it answers."
        )
    }
}
