import Logging

/// The metadata of a line as pairs: nested keys joined by dots, in their order, each once and within the limits.
struct FlatMetadata: Sendable {
    /// Values are texts, or lists of texts.
    enum Value: Sendable, Equatable {
        case text(String)
        case list([String])
    }

    private(set) var pairs: [(key: String, value: Value)] = []
    /// How many keys there was no room for.
    private(set) var dropped = 0

    private let limits: LogLimits
    private var known: Set<String> = []
    private var bytes = 0

    /// What is nested deeper than this is shown as one text.
    private static let deepest = 6
    /// No key is longer, in bytes.
    private static let longestKey = 256

    init(_ metadata: Logger.Metadata, limits: LogLimits) {
        self.limits = limits
        add(metadata, under: "", depth: 0)
    }

    private mutating func add(_ metadata: Logger.Metadata, under prefix: String, depth: Int) {
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            // Enough was left out to say so; the rest of a hostile tree is not walked.
            guard dropped <= limits.keys else { return }
            let key = (prefix.isEmpty ? key : "\(prefix).\(key)").clipped(to: Self.longestKey)
            switch value {
            case .dictionary(let nested) where depth < Self.deepest && !nested.isEmpty:
                add(nested, under: key, depth: depth + 1)
            case .array(let values):
                add(key, .list(values.prefix(limits.keys).map { text($0, depth: depth + 1) }))
            default:
                add(key, .text(text(value, depth: depth)))
            }
        }
    }

    private mutating func add(_ key: String, _ value: Value) {
        let size: Int =
            switch value {
            case .text(let text): key.utf8.count + text.utf8.count
            case .list(let texts): texts.reduce(key.utf8.count) { $0 + $1.utf8.count }
            }
        guard pairs.count < limits.keys, bytes + size <= limits.metadataBytes, known.insert(key).inserted else {
            dropped += 1
            return
        }
        bytes += size
        pairs.append((key, value))
    }

    /// One value as text. A secret's own type says what is shown of it.
    private func text(_ value: Logger.MetadataValue, depth: Int) -> String {
        switch value {
        case .string(let text): text.clipped(to: limits.valueBytes)
        case .stringConvertible(let value): "\(value)".clipped(to: limits.valueBytes)
        case .dictionary where depth >= Self.deepest, .array where depth >= Self.deepest: "…"
        case .dictionary(let nested):
            nested.sorted { $0.key < $1.key }.prefix(limits.keys)
                .map { "\($0.key.clipped(to: Self.longestKey))=\(text($0.value, depth: depth + 1))" }
                .joined(separator: ",")
                .clipped(to: limits.valueBytes)
        case .array(let values):
            values.prefix(limits.keys).map { text($0, depth: depth + 1) }.joined(separator: ",")
                .clipped(to: limits.valueBytes)
        }
    }
}
