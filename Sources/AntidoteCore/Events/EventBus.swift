/// Carries hints between services: at least once, in no order, and sometimes not at all.
///
/// Whoever hears of something re-reads the state. Order and completeness come from the store.
///
/// A subject is 1 to 255 printable ASCII characters without blanks: words joined by dots, none of them empty, none with
/// `*` or `>` in it. A pattern is the same, where `*` may stand for one word and `>` for the last ones; so is the name of
/// a queue, without those. ``BusLimits`` says how much a bus carries. Headers are extras: one whose name is not printable
/// ASCII without blanks and colons, whose value is empty or not printable ASCII, or which is beyond the limits, is left
/// out, and its message is sent.
public protocol EventBus: Sendable {
    /// Whether ``publish(_:)`` ends by itself at once, also that of a task which was cancelled: a bus within the process.
    var answersAtOnce: Bool { get }

    /// Is cancelled after `busDeadline`, and must end then. Returns when the bus has the message.
    ///
    /// - Throws: `messageRefused` if the message breaks a rule; `busUnavailable` at once, or within a deadline of the bus's
    ///   own, when nobody can be reached; `busDenied` if the bus does not allow it. Nothing is kept to be sent later.
    func publish(_ message: BusMessage) async throws

    /// Lends the messages on subjects that match `pattern`, from the moment that `body` begins. With a `queue`, each
    /// message goes to one of the subscribers of that queue. A subscriber that is too slow loses the oldest messages;
    /// that is counted. The stream ends with `body`, and when its reader is cancelled. A subscription outlives the bus's
    /// connection: what was sent meanwhile is missed.
    ///
    /// - Throws: What `body` throws; before that what ``publish(_:)`` throws.
    func withSubscription<Result: Sendable>(
        to pattern: SubjectPattern,
        queue: String?,
        _ body: @Sendable (AsyncStream<BusMessage>) async throws -> Result
    ) async throws -> Result
}

extension EventBus {
    public var answersAtOnce: Bool { false }
}

/// What travels on a bus.
public struct BusMessage: Sendable, Hashable {
    /// Words joined by dots.
    public var subject: String
    /// What is sent, as the subject's readers expect it.
    public var payload: [UInt8]
    /// W3C trace context and the like.
    public var headers: [String: String]

    /// The message on that subject.
    public init(subject: String, payload: [UInt8], headers: [String: String] = [:]) {
        self.subject = subject
        self.payload = payload
        self.headers = headers
    }
}

/// Subjects of interest, in NATS' notation: `*` stands for one word, `>` at the end for one or more.
public struct SubjectPattern: Sendable, Hashable, CustomStringConvertible {
    public let description: String
    private let words: [Substring]
    /// Most patterns mean one subject.
    private let isPlain: Bool

    /// The pattern written as `description`: parts between dots, `*` for any one of them, `>` for all that follow.
    public init(_ description: String) {
        self.description = description
        words = description.split(separator: ".", omittingEmptySubsequences: false)
        isPlain = !words.contains { $0 == "*" || $0 == ">" }
    }

    /// Whether a message on `subject` is meant.
    public func matches(_ subject: String) -> Bool {
        if isPlain { return subject == description }
        let parts = subject.split(separator: ".", omittingEmptySubsequences: false)
        for (index, word) in words.enumerated() {
            if word == ">" { return parts.count > index }
            guard index < parts.count, word == "*" || word == parts[index] else { return false }
        }
        return parts.count == words.count
    }
}
