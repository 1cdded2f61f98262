/// Adds up what an engine tells of the layers that it pulls.
struct PullProgress: Sendable, Hashable {
    private struct Layer: Hashable {
        var done: Int64 = 0
        var total: Int64?
        var status = ""
    }

    private var layers: [String: Layer] = [:]

    /// Bytes that have come, over all layers.
    var done: Int64 { layers.values.reduce(0) { $0.addingClamped($1.done) } }

    /// Bytes in all, as far as the registry has said.
    var total: Int64? {
        let known = layers.values.compactMap(\.total)
        return known.isEmpty ? nil : known.reduce(0) { $0.addingClamped($1) }
    }

    /// Whether `message` shows that something moves: bytes, or a layer's next step. Waiting and trying again do not.
    mutating func take(_ message: PullMessage) -> Bool {
        guard let id = message.id, let status = message.status else { return false }
        var layer = layers[id] ?? Layer()
        let before = layer
        layer.status = status
        switch status {
        case "Downloading":
            if let current = message.detail?.current { layer.done = max(layer.done, current) }
            if let total = message.detail?.total, total > 0 { layer.total = total }
        case "Download complete", "Pull complete":
            if let total = layer.total { layer.done = total }
        default:
            break
        }
        layers[id] = layer
        if status == "Waiting" || status.hasPrefix("Retrying") { return false }
        // Unpacking tells its bytes in the same place.
        if status == "Extracting" { return true }
        return layer != before
    }
}

extension Int64 {
    /// The sum of two numbers that a stranger said, or the greatest that there is.
    fileprivate func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
