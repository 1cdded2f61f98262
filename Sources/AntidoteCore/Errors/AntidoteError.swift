/// The one public error of the core, which backends, stores and buses throw too.
///
/// It says what happened (``message``), where (``subject``), what to do (``recovery``), and whether trying again
/// can help (``disposition``). The ``code`` is stable: it reaches the API, the exit status and the records.
public struct AntidoteError: Error, Sendable {
    /// What kind of error it is.
    public var code: Code
    /// One sentence for people, without secrets.
    public var message: String
    /// What the reader can do next.
    public var recovery: String?
    /// The endpoint, job, image or network that it happened to.
    public var subject: String?
    /// The last output of what failed, cleaned of control sequences and secrets.
    public var logTail: String?
    /// Whether trying again can help. Given by the code unless stated.
    public var disposition: Disposition
    /// What it follows from. For logs, never for people: it may say anything.
    public var cause: (any Error)?
    /// Where in the program it was made.
    var file: String
    /// The line in ``file``.
    var line: Int

    public init(
        _ code: Code,
        _ message: String,
        recovery: String? = nil,
        subject: String? = nil,
        logTail: String? = nil,
        disposition: Disposition? = nil,
        cause: (any Error)? = nil,
        file: String = #fileID,
        line: Int = #line
    ) {
        self.code = code
        self.message = message
        self.recovery = recovery
        self.subject = subject
        self.logTail = logTail
        self.disposition = disposition ?? code.usualDisposition
        self.cause = cause
        self.file = file
        self.line = line
    }

    /// What the scheduler does about an error.
    public enum Disposition: String, Sendable, Hashable, Codable {
        /// The same incarnation may be converged again, after a pause.
        case retry
        /// What was built is beyond repair: it is destroyed, and a new incarnation is tried.
        case rebuild
        /// Trying again cannot help.
        case permanent
    }
}

extension AntidoteError: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String {
        var text = "[\(code)] "
        if let subject { text += "\(subject): " }
        text += message
        if let recovery { text += message.last?.isPunctuation == true ? " \(recovery)" : ". \(recovery)" }
        return text
    }

    public var debugDescription: String {
        var text = description + " (\(file):\(line))"
        if let cause { text += " caused by: \(cause)" }
        return text
    }
}

extension AntidoteError {
    /// `error` itself if it is one of ours; otherwise an `internalFault` that carries it.
    public static func wrapping(_ error: any Error, subject: String? = nil) -> AntidoteError {
        if let error = error as? AntidoteError { return error }
        return AntidoteError(
            .internalFault,
            "an unexpected error: \(error)",
            recovery: "This is a defect: report it with the log.",
            subject: subject,
            cause: error
        )
    }
}
