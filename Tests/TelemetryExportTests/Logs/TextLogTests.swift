import AntidoteCore
import AntidoteTesting
import Foundation
import Logging
import TelemetryExport
import Testing

@Suite(.timeLimit(.minutes(1))) struct TextLogTests {
    private func written(
        level: Logger.Level = .info,
        isColored: Bool = false,
        _ body: (Logger) -> Void
    ) async throws -> String {
        let pipe = try LogPipe()
        let output = LogOutput(descriptor: pipe.writeEnd, metrics: PrometheusMetrics())
        let clock = ManualClock(start: Timestamp(microseconds: 1_763_732_180_123_456))
        body(
            Logger(label: "test") { label in
                LineLogHandler(
                    label: label,
                    level: level,
                    output: output,
                    format: .text(isColored: isColored),
                    time: clock.timeSource
                )
            }
        )
        return String(decoding: await pipe.finish(), as: UTF8.self)
    }

    @Test func aLineIsForPeople() async throws {
        let text = try await written { logger in
            logger.info(
                "Hello there",
                metadata: ["b": "two words", "a": "1", "e": "", "l": ["x", "y"], "q": "say \"x\""]
            )
            logger.warning("bare", metadata: ["secret": .stringConvertible(Secret("hunter2"))])
            logger.error("failed", error: AntidoteError(.notFound, "no lab"))
        }
        #expect(
            text == """
                2025-11-21T13:36:20.123Z INFO     Hello there a=1 b="two words" e="" l=x,y q="say \\"x\\""
                2025-11-21T13:36:20.123Z WARNING  bare secret=<redacted>
                2025-11-21T13:36:20.123Z ERROR    failed error="[notFound] no lab"

                """
        )
    }

    @Test func onlyWhoAsksGetsColours() async throws {
        let text = try await written(isColored: true) { $0.error("red") }
        #expect(text == "2025-11-21T13:36:20.123Z \u{1B}[31mERROR   \u{1B}[0m red\n")
    }

    @Test func whoDebugsIsToldThePlace() async throws {
        let text = try await written(level: .debug) { $0.debug("here") }
        #expect(text.contains(" logger=test at=TelemetryExportTests/TextLogTests.swift:"))
    }

    @Test(arguments: PrometheusMetricsTests.hostileValues)
    func aTerminalObeysNothing(value: String) async throws {
        let text = try await written { $0.info("\(value)", metadata: ["v": "\(value)", "\(value)": "k"]) }
        let active = text.unicodeScalars.filter { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
        #expect(Array(active) == ["\n"])
        #expect(!text.contains("\u{2028}"))
    }
}
