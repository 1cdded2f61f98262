/// What a bus carries. Both sides keep to it: what is sent, and what comes from others.
public struct BusLimits: Sendable, Hashable {
    /// The largest payload of a message.
    public var payloadBytes: Int
    /// The most headers of a message.
    public var headers: Int
    /// All names and values of a message's headers together.
    public var headerBytes: Int
    /// How many messages a subscriber may be behind before it loses the oldest.
    public var pendingMessages: Int

    /// Limits that events and progress keep far below.
    public init(
        payloadBytes: Int = 256 * 1024,
        headers: Int = 32,
        headerBytes: Int = 8 * 1024,
        pendingMessages: Int = 1024
    ) {
        self.payloadBytes = payloadBytes
        self.headers = headers
        self.headerBytes = headerBytes
        self.pendingMessages = pendingMessages
    }
}

extension BusMessage {
    /// The message as a bus carries it: without the headers that none can.
    ///
    /// - Throws: `messageRefused` if the subject breaks its rule, or the payload is too large.
    public func carried(within limits: BusLimits) throws -> BusMessage {
        if let problem = SubjectRule.problem(withSubject: subject) {
            throw AntidoteError(
                .messageRefused,
                "the message's subject \(problem)",
                recovery: "A subject is \(SubjectRule.subject)."
            )
        }
        guard payload.count <= limits.payloadBytes else {
            throw AntidoteError(
                .messageRefused,
                "the message has \(payload.count) bytes, and the bus carries \(limits.payloadBytes)",
                recovery: "Send less, and what the reader can look up not at all."
            )
        }
        if headers.isEmpty { return self }
        var message = self
        message.headers = HeaderRule.carried(headers, within: limits)
        return message
    }
}

extension SubjectPattern {
    /// Holds a pattern, and the name of a queue, against their rules.
    ///
    /// - Throws: `messageRefused` if one breaks its rule.
    public func validate(queue: String?) throws {
        if let problem = SubjectRule.problem(withPattern: description) {
            throw AntidoteError(
                .messageRefused,
                "the subject to listen to \(problem)",
                recovery: "A pattern is \(SubjectRule.subject); “*” may stand for a word, and “>” for the last ones."
            )
        }
        if let queue, SubjectRule.problem(withSubject: queue) != nil {
            throw AntidoteError(
                .messageRefused,
                "the name of the queue breaks the rule",
                recovery: "The name of a queue is \(SubjectRule.subject)."
            )
        }
    }
}

/// The rule of subjects: narrower than that of NATS, so that every bus keeps it.
enum SubjectRule {
    static let subject =
        "1 to 255 printable ASCII characters without blanks, words joined by dots, none of them empty or with “*” or “>”"
    private static let longest = 255
    private static let dot = UInt8(ascii: ".")

    /// What is wrong, to follow a noun; `nil` if nothing is.
    static func problem(withSubject text: String) -> String? {
        problem(with: text) { word in word.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: ">") } }
    }

    static func problem(withPattern text: String) -> String? {
        let words = text.utf8.split(separator: dot, omittingEmptySubsequences: false)
        if words.dropLast().contains(where: { $0.elementsEqual(">".utf8) }) { return "has “>” before its end" }
        return problem(with: text) { word in
            word.count > 1 && word.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: ">") }
        }
    }

    private static func problem(
        with text: String,
        isWild: (String.UTF8View.SubSequence) -> Bool
    ) -> String? {
        if text.isEmpty { return "is empty" }
        if text.utf8.count > longest { return "is longer than \(longest) bytes" }
        if !text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            return "has a blank, a control character or one beyond ASCII"
        }
        for word in text.utf8.split(separator: dot, omittingEmptySubsequences: false) {
            if word.isEmpty { return "has an empty word" }
            if isWild(word) { return "has a “*” or “>” in it" }
        }
        return nil
    }
}

/// Headers are extras: one that cannot be carried is left out, and never keeps its message from being sent.
package enum HeaderRule {
    /// As many as the limits allow, in the order of their names. A name is printable ASCII without blanks and colons, a
    /// value printable ASCII, not empty, without blanks at its ends.
    package static func carried(_ headers: [String: String], within limits: BusLimits) -> [String: String] {
        var left = limits.headerBytes
        var carried: [String: String] = [:]
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
            let size = name.utf8.count + value.utf8.count
            guard carried.count < limits.headers, size <= left, isLegal(name: name, value: value) else { continue }
            left -= size
            carried[name] = value
        }
        return carried
    }

    private static func isLegal(name: String, value: String) -> Bool {
        guard !name.isEmpty, name.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ":") }) else {
            return false
        }
        let blank = UInt8(ascii: " ")
        guard let first = value.utf8.first, let last = value.utf8.last, first != blank, last != blank else {
            return false
        }
        return value.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }
}
