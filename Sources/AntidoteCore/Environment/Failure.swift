/// A failure of a built environment that its provider reports.
package enum ProviderFailure: Sendable, Hashable {
    /// These endpoints are not running any more.
    case dead([String])
    /// Nothing of it is there.
    case vanished
}

/// Why an environment failed, for its learner and its operator.
public struct Failure: Sendable, Hashable, Codable {
    /// What kind of error it was.
    public var code: AntidoteError.Code
    /// What happened, in a sentence.
    public var message: String
    /// What to do about it.
    public var recovery: String?
    /// The endpoint, job or file that it is about.
    public var subject: String?
    /// The last output, for finding the cause.
    public var logTail: String?
    /// When it failed, by the store's clock.
    public var at: Timestamp
    /// When the row is over that keeps it.
    package var keptUntil: Timestamp

    /// The names in stored rows and on the wire, which outlive those of the properties.
    private enum CodingKeys: String, CodingKey {
        case code, message
        case recovery = "advice"
        case subject = "place"
        case logTail, at, keptUntil
    }

    /// What `error` tells people; its cause is left out.
    package init(_ error: AntidoteError, at: Timestamp, keptUntil: Timestamp) {
        code = error.code
        message = error.message
        recovery = error.recovery
        subject = error.subject
        logTail = error.logTail
        self.at = at
        self.keptUntil = keptUntil
    }

    /// The failure as the error that it was.
    public var error: AntidoteError {
        AntidoteError(code, message, recovery: recovery, subject: subject, logTail: logTail, disposition: .permanent)
    }
}
