public import Logging
import Metrics
import Tracing

/// Wraps a step in a span, a duration and a log line, so that each seam is observed in one place.
public struct Telemetry: Sendable {
    /// Where log lines go.
    package var logger: Logger
    private let time: TimeSource

    /// Logs to `logger`, and measures by `time`.
    public init(logger: Logger, time: TimeSource) {
        self.logger = logger
        self.time = time
    }

    /// Runs `operation` as the span `name`. A failure is recorded on it with its code.
    ///
    /// The span continues the trace in `carrier`, or else the task's own. The attributes are made only if a tracer or the log
    /// reads them. `result` adds attributes that are only known from what `operation` returns.
    package func measure<Value>(
        _ name: String,
        _ attributes: @autoclosure () -> [String: String] = [:],
        continuing carrier: [String: String] = [:],
        operation: () async throws -> Value,
        result: (Value) -> [String: String] = { _ in [:] }
    ) async throws -> Value {
        try await withSpan(name, context: ServiceContext.continuing(carrier)) { span in
            if span.isRecording {
                for (key, value) in attributes() { span.attributes[key] = value }
            }
            let start = time.uptime()
            var outcome = "ok"
            defer {
                record(
                    "antidote_operation_seconds",
                    time.uptime() - start,
                    [("operation", name), ("outcome", outcome)]
                )
            }
            do {
                let value = try await operation()
                if span.isRecording {
                    for (key, text) in result(value) { span.attributes[key] = text }
                }
                debug(name, attributes().merging(result(value)) { $1 })
                return value
            } catch {
                let code = error is CancellationError ? "cancelled" : AntidoteError.wrapping(error).code.description
                outcome = code
                span.attributes[AttributeKey.errorCode] = code
                span.setStatus(SpanStatus(code: .error))
                debug("\(name) failed", attributes().merging([AttributeKey.errorCode: code]) { $1 })
                throw error
            }
        }
    }

    /// Logs what a developer wants to know.
    package func debug(_ message: @autoclosure () -> String, _ attributes: @autoclosure () -> [String: String] = [:]) {
        logger.debug("\(message())", metadata: attributes().mapValues { .string($0) })
    }

    /// Logs what an operator wants to know.
    package func notice(_ message: @autoclosure () -> String, _ attributes: @autoclosure () -> [String: String] = [:]) {
        logger.notice("\(message())", metadata: attributes().mapValues { .string($0) })
    }

    /// Logs what needs somebody.
    package func warning(_ message: @autoclosure () -> String, _ attributes: @autoclosure () -> [String: String] = [:])
    {
        logger.warning("\(message())", metadata: attributes().mapValues { .string($0) })
    }

    /// Records how long something took that is no operation of ours.
    package func record(_ name: String, _ duration: Duration, _ dimensions: [(String, String)] = []) {
        Timer(label: name, dimensions: dimensions).recordNanoseconds(duration.wholeMicroseconds &* 1000)
    }

    /// Counts something that happened.
    package func count(_ name: String, _ dimensions: [(String, String)] = [], by amount: Int64 = 1) {
        Counter(label: name, dimensions: dimensions).increment(by: amount)
    }
}
