/// The keys of log metadata and span attributes. Fixed: dashboards and searches are built on them.
public enum AttributeKey {
    /// The instance.
    public static let instance = "antidote.instance"
    /// The owner.
    public static let session = "antidote.session"
    /// The environment's id.
    public static let environment = "antidote.environment"
    /// The name of the source, of a kind that has no vocabulary of its own.
    public static let source = "antidote.source"
    /// The revision, of a kind that has no vocabulary of its own.
    public static let revision = "antidote.revision"
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
    /// The code of an ``AntidoteError``.
    public static let errorCode = "antidote.error.code"
}
