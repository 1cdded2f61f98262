/// What a route answers.
struct APIAnswer: Sendable {
    var status: Int
    var mediaType: String?
    var body: [UInt8]
    var headers: [(name: String, value: String)]
    /// Why it is not what was asked for, for the log.
    var problem: APIProblem?

    /// A JSON value.
    static func json(_ value: JSONValue, status: Int = 200, headers: [(String, String)] = []) -> APIAnswer {
        APIAnswer(
            status: status,
            mediaType: "application/json",
            body: value.encoded,
            // What belongs to a session is nobody else's, and old at once.
            headers: headers.map { (name: $0.0, value: $0.1) } + [(name: "Cache-Control", value: "no-store")]
        )
    }

    /// A text that is no JSON.
    static func text(_ text: String, mediaType: String) -> APIAnswer {
        APIAnswer(
            status: 200,
            mediaType: mediaType,
            body: Array(text.utf8),
            headers: [(name: "Cache-Control", value: "no-store")]
        )
    }

    /// Nothing but that it is done.
    static var empty: APIAnswer { APIAnswer(status: 204, mediaType: nil, body: [], headers: []) }

    /// What went wrong.
    static func problem(_ problem: APIProblem, requestID: String) -> APIAnswer {
        APIAnswer(
            status: problem.status.rawValue,
            mediaType: APIProblem.mediaType,
            body: problem.body(requestID: requestID).encoded,
            headers: problem.headers + [(name: "Cache-Control", value: "no-store")],
            problem: problem
        )
    }
}
