import AntidoteCore

/// One operation of the API: what the router looks for, and what the OpenAPI document tells of it.
struct Route: Sendable {
    /// What may be asked of it.
    var method: Method
    var pattern: RoutePattern
    /// The name of the operation, unique in the document.
    var name: String
    /// One line for people.
    var summary: String
    /// Whether it needs the token of a session.
    var needsSession = false
    var body = Body.none
    var query: [QueryParameter] = []
    /// What it answers when all is well.
    var answers: [Answer]
    /// What it answers otherwise, besides what every route may.
    var problems: [APIProblem.Status] = []
    var handler: @Sendable (APIRequest) async throws -> APIAnswer

    enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// What its body must be.
    enum Body: Sendable, Hashable {
        case none
        /// May be left out.
        case optional(Schema)
        case required(Schema)

        var schema: Schema? {
            switch self {
            case .none: nil
            case .optional(let schema), .required(let schema): schema
            }
        }
    }

    /// A parameter behind the question mark.
    struct QueryParameter: Sendable, Hashable {
        var name: String
        var summary: String
        var schema: JSONValue
    }

    /// One kind of answer.
    struct Answer: Sendable, Hashable {
        var status: Int
        var summary: String
        /// `nil`: no JSON.
        var schema: Schema?
        var mediaType = "application/json"
        var hasLocation = false
    }

    /// How logs, traces and metrics call it.
    var label: String { "\(method.rawValue) \(pattern)" }
}
