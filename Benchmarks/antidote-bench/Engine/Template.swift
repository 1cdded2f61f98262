/// A text with places that are filled in anew for each lab.
///
/// Taken apart once, beforehand: a script must not be slow for looking for its own names.
struct Template: Sendable {
    private enum Part: Sendable {
        case text([UInt8])
        case place(String)
    }

    private var parts: [Part] = []

    /// Each of `places` is replaced wherever it is in `text`.
    init(_ text: String, places: [String]) {
        var rest = text[...]
        while true {
            let found = places.compactMap { place in rest.firstRange(of: place).map { (place, $0) } }
            guard let first = found.min(by: { $0.1.lowerBound < $1.1.lowerBound }) else { break }
            parts.append(.text(Array(rest[..<first.1.lowerBound].utf8)))
            parts.append(.place(first.0))
            rest = rest[first.1.upperBound...]
        }
        parts.append(.text(Array(rest.utf8)))
    }

    /// What `values` does not tell stays as it was.
    func filled(_ values: [String: String]) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in parts {
            switch part {
            case .text(let text): bytes += text
            case .place(let place): bytes += Array((values[place] ?? place).utf8)
            }
        }
        return bytes
    }
}

/// A request with such places.
struct RequestTemplate: Sendable {
    private let original: PlainRequest
    private let path: Template
    /// `nil` for a body that is no text.
    private let body: Template?

    init(_ request: PlainRequest, places: [String]) {
        original = request
        path = Template(request.path, places: places)
        let isText = request.contentType == "application/json"
        body = isText ? Template(String(decoding: request.body, as: UTF8.self), places: places) : nil
    }

    func filled(_ values: [String: String]) -> PlainRequest {
        var request = original
        request.path = String(decoding: path.filled(values), as: UTF8.self)
        if let body { request.body = body.filled(values) }
        return request
    }
}
