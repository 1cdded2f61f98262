import AntidoteTesting
import Foundation
import Logging
import TelemetryExport
import Testing

@Suite(.timeLimit(.minutes(1))) struct LogOutputTests {
    private func logger(_ output: LogOutput, _ label: String = "t", limits: LogLimits = LogLimits()) -> Logger {
        Logger(label: label) { label in
            LineLogHandler(
                label: label,
                level: .info,
                output: output,
                format: .json,
                limits: limits,
                time: ManualClock().timeSource
            )
        }
    }

    @Test(arguments: [true, false])
    func concurrentWritersDoNotMix(isBlocking: Bool) async throws {
        // Small pieces: the pipe is full most of the time, and takes lines in parts.
        let pipe = try LogPipe(isBlocking: isBlocking, pieces: 1000)
        let output = LogOutput(descriptor: pipe.writeEnd, patience: .seconds(30), metrics: PrometheusMetrics())
        // Threads of their own: a task would write its lines while no other has its turn.
        let (ends, report) = AsyncStream<Int>.makeStream()
        for writer in 0..<8 {
            let logger = logger(output, "\(writer)")
            Thread.detachNewThread {
                let text = String(repeating: "\(writer)", count: 3000 + 900 * writer)
                for number in 0..<25 { logger.info("\(text)", metadata: ["number": "\(number)"]) }
                report.yield(writer)
            }
        }
        var ended: Set<Int> = []
        for await writer in ends {
            ended.insert(writer)
            if ended.count == 8 { break }
        }
        let lines = try LogLine.all(await pipe.finish())
        #expect(output.dropped == 0)
        for writer in 0..<8 {
            let own = lines.filter { $0.logger == "\(writer)" }
            #expect(own.map { $0.metadata?["number"] } == (0..<25).map { .text("\($0)") })
            #expect(own.allSatisfy { $0.message == String(repeating: "\(writer)", count: 3000 + 900 * writer) })
        }
    }

    @Test func aLineThatIsLargerThanThePipeArrivesWhole() async throws {
        let pipe = try LogPipe(isBlocking: false, pieces: 4096)
        let output = LogOutput(descriptor: pipe.writeEnd, patience: .seconds(30), metrics: PrometheusMetrics())
        let text = String(repeating: "x", count: 1_000_000)
        logger(output, limits: LogLimits(messageBytes: 2_000_000)).info("\(text)")
        #expect(try LogLine.all(await pipe.finish()).map(\.message) == [text])
    }

    @Test func aPipeThatNobodyReadsDropsLinesAndCountsThem() throws {
        let metrics = PrometheusMetrics()
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        defer {
            close(ends[0])
            close(ends[1])
        }
        _ = fcntl(ends[1], F_SETFL, fcntl(ends[1], F_GETFL) | O_NONBLOCK)
        _ = fcntl(ends[0], F_SETFL, fcntl(ends[0], F_GETFL) | O_NONBLOCK)
        let output = LogOutput(descriptor: ends[1], patience: .zero, metrics: metrics)
        let logger = logger(output, limits: LogLimits(messageBytes: 2_000_000))
        // Larger than any pipe: its beginning is written.
        logger.info("\(String(repeating: "x", count: 1_500_000))")
        logger.info("lost")
        #expect(output.dropped == 2)
        let counted = try PrometheusParser.parse(metrics.render())
        #expect(counted.value("antidote_log_lines_dropped_total") == 2)
        var piece = [UInt8](repeating: 0, count: 2_000_000)
        var all = Data()
        func drain() {
            while true {
                let count = read(ends[0], &piece, piece.count)
                guard count > 0 else { return }
                all += piece.prefix(count)
            }
        }
        drain()
        logger.info("after")
        logger.info("and again")
        drain()
        // The torn line has an end, and the next ones stand for themselves.
        let torn = all.prefix { $0 != UInt8(ascii: "\n") }
        #expect(!torn.isEmpty)
        #expect(try LogLine.all(Data(all.dropFirst(torn.count + 1))).map(\.message) == ["after", "and again"])
    }

    @Test func aClosedPipeEndsNothing() throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        defer { close(ends[1]) }
        let output = LogOutput(descriptor: ends[1], metrics: PrometheusMetrics())
        #if os(Linux)
        // Held back, so that a signal would be seen afterwards and not end the tests.
        var pipeSignal = sigset_t()
        sigemptyset(&pipeSignal)
        sigaddset(&pipeSignal, SIGPIPE)
        var before = sigset_t()
        pthread_sigmask(SIG_BLOCK, &pipeSignal, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        #endif
        logger(output).info("nobody reads this")
        #expect(output.dropped == 1)
        #if os(Linux)
        var pending = sigset_t()
        sigpending(&pending)
        #expect(sigismember(&pending, SIGPIPE) == 0)
        #endif
    }

    @Test func aDescriptorThatIsNoneEndsNothing() {
        let output = LogOutput(descriptor: -1, metrics: PrometheusMetrics())
        logger(output).info("nowhere")
        #expect(output.dropped == 1)
    }
}
