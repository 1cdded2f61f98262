import AntidoteCore
import Logging

extension LogLineFormat {
    /// Lines for people at a terminal: time in UTC, level, message, and keys with their values. The logger's label is shown
    /// while the handler's level is debug or trace.
    ///
    /// No logged text reaches the terminal as more than text: control characters are written out.
    /// - Parameter isColored: Whether levels have colours; ask for it only at a terminal.
    public static func text(isColored: Bool = false) -> LogLineFormat {
        LogLineFormat { Array(textLine($0, isColored: isColored).utf8) }
    }

    private static func textLine(_ record: LogRecord, isColored: Bool) -> String {
        // To milliseconds: what people read.
        var text =
            "\(record.time.description.dropLast(4))Z \(level(record.level, isColored)) \(visible(record.message))"
        func add(_ key: String, _ value: String) { text += " \(visible(key))=\(quoted(value))" }
        for (key, value) in record.metadata.pairs {
            switch value {
            case .text(let value): add(key, value)
            case .list(let values): add(key, values.joined(separator: ","))
            }
        }
        if record.metadata.dropped > 0 { add("dropped_keys", String(record.metadata.dropped)) }
        if let error = record.error { add("error", error.message ?? error.code ?? error.type) }
        if let source = record.source {
            add("logger", record.logger)
            add("at", "\(source.file):\(source.line)")
            if let id = record.traceID { add(TraceMetadata.traceID, id) }
            if let id = record.spanID { add(TraceMetadata.spanID, id) }
        }
        return text + "\n"
    }

    private static func level(_ level: Logger.Level, _ isColored: Bool) -> String {
        let name = level.rawValue.uppercased()
        let padded = name + String(repeating: " ", count: max(0, 8 - name.utf8.count))
        guard isColored else { return padded }
        let color =
            switch level {
            case .trace, .debug: 90
            case .info: 36
            case .notice: 32
            case .warning: 33
            case .error, .critical: 31
            }
        return "\u{1B}[\(color)m\(padded)\u{1B}[0m"
    }

    /// In quotes where it would not be one word.
    private static func quoted(_ value: String) -> String {
        let isWord = !value.isEmpty && !value.utf8.contains { $0 == 0x20 || $0 == UInt8(ascii: "\"") }
        guard !isWord else { return visible(value) }
        let parts = value.split(separator: "\"", omittingEmptySubsequences: false)
        return "\"" + visible(parts.joined(separator: "\\\"")) + "\""
    }

    private static func visible(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: \.isActive) else { return text }
        var shown = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": shown += "\\n"
            case "\r": shown += "\\r"
            case "\t": shown += "\\t"
            case _ where scalar.isActive: shown += "\\u{\(String(scalar.value, radix: 16))}"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
