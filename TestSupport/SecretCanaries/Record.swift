import Foundation
public import InMemoryTracing
import Instrumentation
import Logging
import Metrics
import Synchronization
import Tracing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the process of the tests lets out, written to files of the directory that `ANTIDOTE_TEST_RECORD` names, a file
/// a channel. Without that variable nothing is written.
public enum Record {
    /// One way for something to get out.
    public enum Channel: String, Sendable, CaseIterable {
        case logs, traces, metrics, progress, errors, events, programs
    }

    /// The tracer of the process, which has one only.
    public static let tracer: InMemoryTracer = {
        let tracer = InMemoryTracer(recordInjections: false, recordExtractions: false)
        InstrumentationSystem.bootstrap(tracer)
        return tracer
    }()

    private static let files: [Channel: Int32] = {
        guard let directory = ProcessInfo.processInfo.environment["ANTIDOTE_TEST_RECORD"], !directory.isEmpty else {
            return [:]
        }
        return Dictionary(
            uniqueKeysWithValues: Channel.allCases.map { channel in
                (channel, open("\(directory)/\(channel.rawValue)", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600))
            }
        )
    }()

    /// Whether anything is written.
    public static var isOn: Bool { !files.isEmpty }

    /// Writes `text` and a line end, at once: several processes may write to one file.
    public static func write(_ channel: Channel, _ text: @autoclosure () -> String) {
        guard let file = files[channel] else { return }
        let bytes = Array((text() + "\n").utf8)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Writes all that there is to an error, what is printed of it and what is not.
    public static func write(_ error: any Error) {
        guard isOn else { return }
        var all = ""
        dump(error, to: &all)
        write(.errors, "\(error)\n\(String(reflecting: error))\n\(all)")
    }

    /// Called once, before the process's first test.
    static func start() {
        guard isOn else { return }
        LoggingSystem.bootstrap { RecordingLogHandler(label: $0) }
        MetricsSystem.bootstrap(RecordingMetrics())
        _ = tracer
        atexit {
            for span in Record.tracer.finishedSpans { Record.write(.traces, Record.describe(span)) }
        }
    }

    private static func describe(_ span: FinishedInMemorySpan) -> String {
        var parts = [span.operationName]
        var sets = [span.attributes]
        for event in span.events {
            parts.append(event.name)
            sets.append(event.attributes)
        }
        for recorded in span.errors {
            parts.append("\(recorded.error) \(String(reflecting: recorded.error))")
            sets.append(recorded.attributes)
        }
        // They are no sequence; this is all that they offer.
        let note = { (key: String, value: any SpanAttributeConvertible) in
            parts.append("\(key)=\(value.toSpanAttribute())")
        }
        for attributes in sets { attributes.forEach(note) }
        if let message = span.status?.message { parts.append(message) }
        return parts.joined(separator: " ")
    }
}

/// The entry of `SecretCanariesStart`, which the linker runs before `main`.
@_cdecl("antidote_tests_start_recording")
public func startRecording() { Record.start() }

/// Writes every record down to `trace`, with all its metadata.
private struct RecordingLogHandler: LogHandler {
    let label: String
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    init(label: String) { self.label = label }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        Record.write(.logs, "\(event.level) \(label) \(event.message) \(all)")
    }
}

/// Writes each metric with its dimensions, once.
private final class RecordingMetrics: MetricsFactory {
    private let known = Mutex<Set<String>>([])

    private func note(_ kind: String, _ label: String, _ dimensions: [(String, String)]) {
        let text = ([kind, label] + dimensions.map { "\($0.0)=\($0.1)" }).joined(separator: " ")
        if known.withLock({ $0.insert(text).inserted }) { Record.write(.metrics, text) }
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        note("counter", label, dimensions)
        return NOOPMetricsHandler.instance
    }

    func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        note("counter", label, dimensions)
        return NOOPMetricsHandler.instance
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        note("meter", label, dimensions)
        return NOOPMetricsHandler.instance
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        note("recorder", label, dimensions)
        return NOOPMetricsHandler.instance
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        note("timer", label, dimensions)
        return NOOPMetricsHandler.instance
    }

    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
}
