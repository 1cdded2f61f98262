import AntidoteCore
import AntidoteTesting
import Foundation
import Logging
import TelemetryExport
import Testing
import Tracing

@Suite(.timeLimit(.minutes(1))) struct JSONLogTests {
    private struct Stranger: Error, CustomStringConvertible {
        let description = "password=hunter2"
    }

    /// What is written while `body` logs.
    private func written(
        level: Logger.Level = .info,
        limits: LogLimits = LogLimits(),
        _ body: (inout Logger) async throws -> Void
    ) async throws -> [LogLine] {
        let pipe = try LogPipe()
        let output = LogOutput(descriptor: pipe.writeEnd, metrics: PrometheusMetrics())
        let clock = ManualClock(start: Timestamp(microseconds: 1_763_732_180_000_042))
        var logger = Logger(label: "antidote.test") { label in
            LineLogHandler(
                label: label,
                level: level,
                output: output,
                format: .json,
                limits: limits,
                time: clock.timeSource
            )
        }
        try await body(&logger)
        let data = await pipe.finish()
        #expect(output.dropped == 0)
        return try LogLine.all(data)
    }

    @Test func aLineSaysWhenWhoAndWhat() async throws {
        let lines = try await written { logger in
            logger[metadataKey: "antidote.worker"] = "w1"
            logger.notice("hello", metadata: ["a": "1", "n": ["x": ["y": "2"], "z": "3"], "l": ["p", ["q": "r"]]])
            logger.debug("not this one")
            logger.info("plain")
        }
        try #require(lines.count == 2)
        #expect(lines[0].time == "2025-11-21T13:36:20.000042Z")
        #expect(lines[0].level == "notice")
        #expect(lines[0].logger == "antidote.test")
        #expect(lines[0].message == "hello")
        #expect(
            lines[0].metadata == [
                "antidote.worker": .text("w1"), "a": .text("1"), "n.x.y": .text("2"), "n.z": .text("3"),
                "l": .list(["p", "q=r"]),
            ]
        )
        #expect(lines[0].source == nil && lines[0].trace_id == nil && lines[0].dropped_keys == nil)
        #expect(lines[1].metadata == ["antidote.worker": .text("w1")])
    }

    @Test func aDebuggingHandlerTellsThePlace() async throws {
        let lines = try await written(level: .debug) { $0.info("here") }
        #expect(lines.first?.source == "TelemetryExportTests")
        #expect(lines.first?.file?.hasSuffix("JSONLogTests.swift") == true)
        #expect((lines.first?.line ?? 0) > 0)
    }

    @Test func theLevelChangesForOneHandlerOnly() async throws {
        let lines = try await written { logger in
            var other = logger
            other.logLevel = .error
            other.warning("not this one")
            logger.logLevel = .trace
            logger.trace("this one")
        }
        #expect(lines.map(\.message) == ["this one"])
    }

    @Test func aLineWithinASpanCarriesItsTrace() async throws {
        let tracer = SpanTracer(
            buffer: SpanBuffer(metrics: PrometheusMetrics()),
            time: .system,
            random: .seeded(5)
        )
        var expected: [String] = []
        let lines = try await written { logger in
            let logger = logger
            await tracer.withSpan("work", context: .topLevel) { span in
                let trace = span.context.traceContext
                expected = [trace?.traceID.description ?? "none", trace?.spanID.description ?? "none"]
                await Task.yield()
                // What a caller says of the kind cannot replace it.
                logger.info("inside", metadata: ["trace_id": "forged"])
            }
            logger.info("outside")
        }
        #expect([lines.first?.trace_id, lines.first?.span_id] == [expected.first, expected.last])
        #expect(expected.first?.count == 32)
        #expect(lines.first?.metadata == ["trace_id": .text("forged")])
        #expect(lines.last?.trace_id == nil && lines.last?.metadata == nil)
    }

    @Test func errorsTellTheirCodeAndNoSecrets() async throws {
        let error = AntidoteError(.imageMissing, "there is no image", cause: Stranger())
        let lines = try await written { logger in
            logger.error("failed", error: error)
            logger.error("failed", error: Stranger())
            logger.error("failed", metadata: ["secret": .stringConvertible(Secret("hunter2"))])
        }
        let expected = LogLine.Failure(
            type: "AntidoteCore.AntidoteError",
            code: "imageMissing",
            message: "[imageMissing] there is no image"
        )
        try #require(lines.count == 3)
        #expect(lines[0].error == expected)
        #expect(lines[1].error?.message == nil && lines[1].error?.code == nil)
        #expect(lines[2].metadata == ["secret": .text("<redacted>")])
        #expect(!"\(lines)".contains("hunter2"))
    }

    @Test(
        arguments: PrometheusMetricsTests.hostileValues + [
            String(decoding: [0x61, 0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80] as [UInt8], as: UTF8.self),
            String(decoding: Array(UInt8(0)...0x7F), as: UTF8.self), "\u{202E}\u{2066}\u{FEFF}\u{FFFF}\u{10FFFF}",
            #"{"level":"critical"}"# + "\n" + #"{"level":"critical"}"#,
        ]
    )
    func hostileTextStaysText(text: String) async throws {
        let pipe = try LogPipe()
        let output = LogOutput(descriptor: pipe.writeEnd, metrics: PrometheusMetrics())
        let logger = Logger(label: text) { label in
            LineLogHandler(
                label: label,
                level: .info,
                output: output,
                format: .json,
                time: ManualClock().timeSource
            )
        }
        logger.info("\(text)", metadata: ["v": "\(text)", "\(text)": "k"])
        let data = await pipe.finish()
        // One line, and nothing in it that a terminal would obey.
        #expect(data.filter { $0 < 0x20 || $0 == 0x7F } == [UInt8(ascii: "\n")])
        let line = try #require(try LogLine.all(data).first)
        #expect(Array(line.message.utf8) == Array(text.utf8))
        #expect(line.logger == text)
        #expect(line.metadata?["v"] == .text(text))
    }

    @Test func hugeValuesAreCut() async throws {
        let huge = String(repeating: "x", count: 10_000_000)
        var deep: Logger.MetadataValue = "end"
        for _ in 0..<1000 { deep = ["d": deep] }
        let many = Logger.Metadata(uniqueKeysWithValues: (0..<100_000).map { ("k\($0)", .string(huge)) })
        let lines = try await written { logger in
            logger.info("\(huge)")
            logger.info("value", metadata: ["v": "\(huge)"])
            logger.info("key", metadata: [huge: "v"])
            logger.info("deep", metadata: ["d": deep])
            logger.info("many", metadata: many)
            logger.info("list", metadata: ["l": .array(Array(repeating: .string("e"), count: 100_000))])
        }
        try #require(lines.count == 6)
        #expect(lines[0].message.utf8.count == 16 * 1024 + 3)
        #expect(lines[1].metadata == ["v": .text(String(repeating: "x", count: 8192) + "…")])
        #expect(lines[2].metadata?.keys.first?.utf8.count == 259)
        #expect(lines[3].metadata?.count == 1)
        #expect((lines[4].metadata?.count ?? 0) < 10)
        #expect((lines[4].dropped_keys ?? 0) > 60)
        if case .list(let list) = lines[5].metadata?["l"] { #expect(list.count == 64) } else { Issue.record("no list") }
    }

    @Test func timesAreThoseOfTheGeneralFormatter() async throws {
        let random = RandomSource.seeded(11)
        for _ in 0..<200 {
            // From 1583, the first whole year of this calendar, to 9999.
            let second = Int64(random.unit() * 265_600_000_000) - 12_200_000_000
            let fraction = Int64(random.unit() * 1_000_000)
            let pipe = try LogPipe()
            let output = LogOutput(descriptor: pipe.writeEnd, metrics: PrometheusMetrics())
            let time = Timestamp(microseconds: second * 1_000_000 + fraction)
            Logger(label: "t") { label in
                LineLogHandler(
                    label: label,
                    level: .info,
                    output: output,
                    format: .json,
                    time: ManualClock(start: time).timeSource
                )
            }.info("m")
            let line = try #require(try LogLine.all(await pipe.finish()).first)
            let whole = Date(timeIntervalSince1970: Double(second)).formatted(.iso8601)
            #expect(line.time == "\(whole.dropLast()).\(String(fraction + 1_000_000).dropFirst())Z")
        }
    }
}
