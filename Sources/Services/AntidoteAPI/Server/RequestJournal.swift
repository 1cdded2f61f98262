package import AntidoteCore
import Logging

/// What is told of each request: a line, a count and a duration. Never its path, its query, its token or its address.
struct RequestJournal: Sendable {
    let telemetry: Telemetry

    /// What is told.
    struct Entry: Sendable {
        var id: String
        /// One of a few; anything else is `OTHER`.
        var method: String
        /// The pattern of its path.
        var route: String
        var session: OwnerID?
    }

    /// The name of a method, as far as it is one that many use.
    static func name(_ method: String) -> String {
        ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].contains(method) ? method : "OTHER"
    }

    func record(_ entry: Entry, _ answer: APIAnswer, after duration: Duration) {
        let dimensions = [("method", entry.method), ("route", entry.route), ("status", String(answer.status))]
        telemetry.record("antidote_http_request_seconds", duration, dimensions)
        var metadata: Logger.Metadata = [
            AttributeKey.httpMethod: "\(entry.method)",
            AttributeKey.httpRoute: "\(entry.route)",
            AttributeKey.httpStatus: "\(answer.status)",
            AttributeKey.request: "\(entry.id)",
            "duration": "\(Double(duration.wholeMicroseconds / 10) / 100) ms",
        ]
        if let session = entry.session { metadata[AttributeKey.session] = "\(session)" }
        if let problem = answer.problem { metadata[AttributeKey.errorCode] = "\(problem.code)" }
        // Probes come all day.
        let isProbe = !entry.route.hasPrefix("/v1/") && answer.status < 400
        telemetry.logger.log(level: isProbe ? .debug : .info, "request", metadata: metadata)
        guard let cause = answer.problem?.cause else { return }
        metadata["cause"] = "\(String(reflecting: cause))"
        telemetry.logger.warning("a request could not be served", metadata: metadata)
    }
}

extension AttributeKey {
    /// The id of a request to the API, which its answer carries too.
    package static let request = "antidote.request"
    /// The method of a request, in the words of OpenTelemetry's conventions.
    package static let httpMethod = "http.request.method"
    /// The pattern of the request's path, never the path itself.
    package static let httpRoute = "http.route"
    /// The status of the answer.
    package static let httpStatus = "http.response.status_code"
}
