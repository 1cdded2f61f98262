import AntidoteCore

/// What a route gets to know of a request.
struct APIRequest: Sendable {
    /// Drawn for this request, and told with its answer.
    var id: String
    /// What stands for the names in the route's path.
    var parameters: [String: String] = [:]
    var query = RequestQuery()
    /// `nil` where none was sent.
    var body: JSONValue?
    /// Whose token was sent, where the route needs one.
    var authenticated: LiveSession?
    /// For counting only. In no log, trace, metric or answer.
    var client: ClientAddress?
    /// The trace that the work goes on with.
    var traceContext: [String: String] = [:]

    /// Whose token was sent.
    var session: LiveSession {
        get throws(APIProblem) {
            guard let authenticated else { throw APIProblem.unauthenticated }
            return authenticated
        }
    }

    /// The body's members: `known` ones only.
    func fields(_ known: String...) throws(APIProblem) -> RequestFields {
        try RequestFields(body ?? [:], known: known)
    }
}
