import AntidoteCore
import Logging

extension LogLineFormat {
    /// One JSON object a line.
    ///
    /// `time` (RFC 3339 in UTC, with microseconds), `level`, `logger`, `message`; within a span `trace_id` and `span_id`;
    /// `metadata` with nested keys joined by dots; `error` with type, code and message. `source`, `file` and `line` only
    /// while the handler's level is debug or trace. All values are bounded in length; what was left out is counted in
    /// `dropped_keys`.
    public static let json = LogLineFormat { jsonLine($0) }

    private static func jsonLine(_ record: LogRecord) -> [UInt8] {
        var json = JSONText(escaping: .inert)
        json.object { json in
            json.add("time", record.time.description)
            json.add("level", record.level.rawValue)
            json.add("logger", record.logger)
            json.add("message", record.message)
            if let id = record.traceID { json.add(TraceMetadata.traceID, id) }
            if let id = record.spanID { json.add(TraceMetadata.spanID, id) }
            if let error = record.error { write(error, to: &json) }
            write(record.metadata, to: &json)
            if let source = record.source {
                json.add("source", source.module)
                json.add("file", source.file)
                json.add("line", source.line)
            }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private static func write(_ error: ErrorSummary, to json: inout JSONText) {
        json.key("error")
        json.object { json in
            json.add("type", error.type)
            if let code = error.code { json.add("code", code) }
            if let message = error.message { json.add("message", message) }
        }
    }

    private static func write(_ metadata: FlatMetadata, to json: inout JSONText) {
        if !metadata.pairs.isEmpty {
            json.key("metadata")
            json.object { json in
                for (key, value) in metadata.pairs {
                    json.key(key)
                    switch value {
                    case .text(let text): json.string(text)
                    case .list(let texts):
                        json.array { json in
                            for text in texts { json.string(text) }
                        }
                    }
                }
            }
        }
        if metadata.dropped > 0 { json.add("dropped_keys", metadata.dropped) }
    }
}
