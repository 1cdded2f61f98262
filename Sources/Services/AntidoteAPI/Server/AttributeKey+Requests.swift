package import AntidoteCore

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
