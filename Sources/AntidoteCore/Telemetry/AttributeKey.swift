/// The keys of log metadata and span attributes. Fixed: dashboards and searches are built on them.
public enum AttributeKey {
    /// The instance.
    public static let instance = "antidote.instance"
    /// The owner.
    public static let session = "antidote.session"
    /// The environment's id.
    public static let environment = "antidote.environment"
    /// The name of the source.
    public static let lesson = "antidote.lesson"
    /// The revision: for a lesson its stage.
    public static let stage = "antidote.stage"
    /// The endpoint's name.
    public static let endpoint = "antidote.endpoint"
    /// The worker's id.
    public static let worker = "antidote.worker"
    /// The number of the attempt.
    public static let attempt = "antidote.attempt"
    /// The backend's name.
    public static let backend = "antidote.backend"
    /// The incarnation.
    public static let incarnation = "antidote.incarnation"
    /// The subject of a message.
    public static let subject = "antidote.subject"
    /// The id of a request to the API, which its answer tells too.
    public static let request = "antidote.request"
    /// The method of a request to the API, as everybody calls it.
    public static let httpMethod = "http.request.method"
    /// The pattern of its path, never the path itself.
    public static let httpRoute = "http.route"
    /// The status of its answer.
    public static let httpStatus = "http.response.status_code"
    /// The code of an ``AntidoteError``.
    public static let errorCode = "antidote.error.code"
}
