/// The keys of log metadata and span attributes. Fixed: dashboards and searches are built on them.
package enum AttributeKey {
    /// The instance.
    package static let instance = "antidote.instance"
    /// The owner.
    package static let session = "antidote.session"
    /// The environment's id.
    package static let environment = "antidote.environment"
    /// The name of the source, of a kind that has no vocabulary of its own.
    package static let source = "antidote.source"
    /// The revision, of a kind that has no vocabulary of its own.
    package static let revision = "antidote.revision"
    /// The endpoint's name.
    package static let endpoint = "antidote.endpoint"
    /// The worker's id.
    package static let worker = "antidote.worker"
    /// The number of the attempt.
    package static let attempt = "antidote.attempt"
    /// The backend's name.
    package static let backend = "antidote.backend"
    /// The incarnation.
    package static let incarnation = "antidote.incarnation"
    /// The subject of a message.
    package static let subject = "antidote.subject"
    /// The code of an ``AntidoteError``.
    package static let errorCode = "antidote.error.code"
}
