import Foundation

/// What `antidote run --output json` prints when a lab is ready.
struct AccessDocument: Decodable {
    var lesson: String
    var stage: Int
    var backend: String
    var guide: String
    var presentations: [Presentation]

    struct Presentation: Decodable {
        var endpoint: String
        var presentation: String
        var type: String
        var host: String
        var port: Int
        var user: String?
        var password: String?
        var url: String?
        var command: String?
    }

    func presentation(of endpoint: String) -> Presentation? { presentations.first { $0.endpoint == endpoint } }
}

/// What it prints when it fails.
struct ErrorDocument: Decodable {
    var error: Body

    struct Body: Decodable {
        var code: String
        var message: String
        var place: String?
        var advice: String?
        var logTail: String?
    }
}

enum Documents {
    /// The objects that follow each other in `text`: each ends with a brace at the beginning of a line.
    static func all<Document: Decodable>(_ type: Document.Type, in text: String) throws -> [Document] {
        try text.components(separatedBy: "\n}\n").dropLast()
            .map { try JSONDecoder().decode(type, from: Data(($0 + "\n}").utf8)) }
    }
}

extension Child {
    /// How to reach the lab, the `number`th time that it was ready.
    func access(_ number: Int = 1) async throws -> AccessDocument {
        try Documents.all(AccessDocument.self, in: try await prints("\n}\n", times: number))[number - 1]
    }
}
