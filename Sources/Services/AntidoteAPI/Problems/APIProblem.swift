/// What is answered instead of what was asked for: problem details as in RFC 9457.
struct APIProblem: Error, Sendable {
    var status: Status
    /// Stable; ours, or that of an error of the core.
    var code: String
    /// One sentence for people, without internals.
    var detail: String
    /// What the reader can do next.
    var advice: String?
    /// What it is about, such as a field of the body.
    var place: String?
    /// In how many seconds asking again may help.
    var retryAfter: Int?
    /// The methods that the path does take.
    var allow: String?
    /// What was looked at, one by one.
    var checks: JSONValue?
    /// For the log, never for whoever asked.
    var cause: (any Error)?

    init(
        _ status: Status,
        _ code: Code,
        _ detail: String,
        advice: String? = nil,
        place: String? = nil,
        retryAfter: Int? = nil,
        allow: String? = nil
    ) {
        self.init(
            status,
            code: code.rawValue,
            detail,
            advice: advice,
            place: place,
            retryAfter: retryAfter,
            allow: allow
        )
    }

    init(
        _ status: Status,
        code: String,
        _ detail: String,
        advice: String? = nil,
        place: String? = nil,
        retryAfter: Int? = nil,
        allow: String? = nil,
        cause: (any Error)? = nil
    ) {
        self.status = status
        self.code = code
        self.detail = detail
        self.advice = advice
        self.place = place
        self.retryAfter = retryAfter
        self.allow = allow
        self.cause = cause
    }

    /// Codes of what only HTTP knows.
    enum Code: String, Sendable, CaseIterable {
        case bodyTooLarge, headTooLarge, invalidField, invalidQuery, malformedBody, malformedRequest, methodNotAllowed
        case missingField, mediaTypeUnsupported, notReady, notRunning, pathUnknown, requestTooSlow, unauthenticated
        case unknownField
    }

    /// The statuses that we answer problems with.
    enum Status: Int, Sendable, CaseIterable {
        case badRequest = 400
        case unauthorized = 401
        case notFound = 404
        case methodNotAllowed = 405
        case requestTimeout = 408
        case conflict = 409
        case contentTooLarge = 413
        case unsupportedMediaType = 415
        case unprocessable = 422
        case tooManyRequests = 429
        case headersTooLarge = 431
        case internalError = 500
        case unavailable = 503

        /// What everybody calls it.
        var title: String {
            switch self {
            case .badRequest: "Bad Request"
            case .unauthorized: "Unauthorized"
            case .notFound: "Not Found"
            case .methodNotAllowed: "Method Not Allowed"
            case .requestTimeout: "Request Timeout"
            case .conflict: "Conflict"
            case .contentTooLarge: "Content Too Large"
            case .unsupportedMediaType: "Unsupported Media Type"
            case .unprocessable: "Unprocessable Content"
            case .tooManyRequests: "Too Many Requests"
            case .headersTooLarge: "Request Header Fields Too Large"
            case .internalError: "Internal Server Error"
            case .unavailable: "Service Unavailable"
            }
        }
    }

    static let mediaType = "application/problem+json"

    /// The body that tells of it.
    func body(requestID: String) -> JSONValue {
        [
            "type": .string("urn:antidote:problem:\(code)"),
            "title": .string(status.title),
            "status": .integer(Int64(status.rawValue)),
            "detail": .string(detail),
            "code": .string(code),
            "advice": JSONValue(advice),
            "place": JSONValue(place),
            "checks": checks,
            "requestId": .string(requestID),
        ]
    }

    /// What the header says beside.
    var headers: [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        if let retryAfter { headers.append(("Retry-After", String(retryAfter))) }
        if let allow { headers.append(("Allow", allow)) }
        if status == .unauthorized { headers.append(("WWW-Authenticate", #"Bearer realm="antidote""#)) }
        return headers
    }
}
