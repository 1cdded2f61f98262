import AntidoteCore
import Synchronization

/// What a backend reported, in order.
final class ProgressRecord: Sendable {
    private let reports = Mutex<[BuildProgress]>([])
    private let (stream, continuation) = AsyncStream.makeStream(of: BuildProgress.self)

    var all: [BuildProgress] { reports.withLock { $0 } }

    var reporter: ProgressReporter {
        ProgressReporter { [self] report in
            reports.withLock { $0.append(report) }
            continuation.yield(report)
        }
    }

    func of(_ endpoint: String) -> [EndpointProgress] {
        all.compactMap { if case .endpoint(endpoint, let progress) = $0 { progress } else { nil } }
    }

    /// Waits for the first report that is wanted.
    func first(_ isWanted: @Sendable (BuildProgress) -> Bool) async -> BuildProgress? {
        await stream.first { isWanted($0) }
    }

    /// The results of a repeating job's runs, as they come.
    func results(_ count: Int) async -> [JobResult] {
        var results: [JobResult] = []
        for await report in stream {
            if case .jobExited(_, let result) = report { results.append(result) }
            if results.count == count { break }
        }
        return results
    }
}
