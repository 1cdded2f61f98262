/// The keys of log metadata and span attributes. Fixed: dashboards and searches are built on them.
public enum AttributeKey {
    public static let instance = "antidote.instance"
    public static let session = "antidote.session"
    public static let environment = "antidote.environment"
    public static let lesson = "antidote.lesson"
    public static let stage = "antidote.stage"
    public static let endpoint = "antidote.endpoint"
    public static let worker = "antidote.worker"
    public static let attempt = "antidote.attempt"
    public static let backend = "antidote.backend"
    public static let incarnation = "antidote.incarnation"
    public static let subject = "antidote.subject"
    public static let errorCode = "antidote.error.code"
}
