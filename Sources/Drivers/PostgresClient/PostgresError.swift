public import AntidoteCore

/// Why PostgreSQL did not do what it was asked.
///
/// No error holds a value of a statement, a row, or a password.
public struct PostgresError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is.
    public var code: Code
    /// For people: what happened.
    public var message: String
    /// For people: what to do about it.
    public var advice: String?
    /// The server's five characters, when the server said something.
    public var sqlState: String?
    /// The table, constraint or statement that it is about.
    public var place: String?

    public init(
        _ code: Code,
        _ message: String,
        advice: String? = nil,
        sqlState: String? = nil,
        place: String? = nil
    ) {
        self.code = code
        self.message = message
        self.advice = advice
        self.sqlState = sqlState
        self.place = place
    }

    /// A kind of failure; compare it, more may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        public let description: String

        /// Nobody answers at the address: refused, unreachable, no such socket, or the name is unknown.
        public static let cannotConnect = Code(description: "cannotConnect")
        /// The handshake failed, TLS is missing where it is demanded, or a certificate was not accepted.
        public static let tls = Code(description: "tls")
        /// The server does not accept the user or the password.
        public static let authenticationFailed = Code(description: "authenticationFailed")
        /// There is no such database.
        public static let unknownDatabase = Code(description: "unknownDatabase")
        /// The user may not do this.
        public static let insufficientPrivilege = Code(description: "insufficientPrivilege")
        /// The server is older than this module knows to use.
        public static let serverTooOld = Code(description: "serverTooOld")
        /// The server starts, stops or recovers.
        public static let notAccepting = Code(description: "notAccepting")
        /// The server, the database or the user has as many connections as it may.
        public static let tooManyConnections = Code(description: "tooManyConnections")
        /// The connection broke, and nothing of the transaction was kept.
        public static let connectionLost = Code(description: "connectionLost")
        /// The connection broke while the transaction was being committed: it may have been kept or not.
        public static let commitUnknown = Code(description: "commitUnknown")
        /// The server did not answer in time; nothing of the transaction was kept.
        public static let deadlineExceeded = Code(description: "deadlineExceeded")
        /// No connection became free in time.
        public static let poolExhausted = Code(description: "poolExhausted")
        /// The pool is closed, or is being closed.
        public static let shutdown = Code(description: "shutdown")
        /// The server, the database or the session does not accept writes.
        public static let readOnly = Code(description: "readOnly")
        /// The server has no room left on disk or in memory.
        public static let serverFull = Code(description: "serverFull")
        /// The transaction lost against another one, again and again.
        public static let conflict = Code(description: "conflict")
        /// A table or column is missing, or is another one.
        public static let wrongSchema = Code(description: "wrongSchema")
        /// A row with this key exists.
        public static let duplicate = Code(description: "duplicate")
        /// The server does not accept a value, such as a text with a NUL character.
        public static let valueRefused = Code(description: "valueRefused")
        /// The answer is not of the kind that the statement is written for.
        public static let unexpectedAnswer = Code(description: "unexpectedAnswer")
        /// The settings of the connection cannot be used.
        public static let invalidConfiguration = Code(description: "invalidConfiguration")
        /// This process has no thread or descriptor left.
        public static let noResources = Code(description: "noResources")
        /// Another failure of the server; ``PostgresError/sqlState`` says which.
        public static let other = Code(description: "other")
    }

    public var description: String {
        var text = "\(code): "
        if let place { text += "\(place): " }
        text += message
        if let sqlState { text += " [SQLSTATE \(sqlState)]" }
        if let advice { text += ". \(advice)" }
        return text
    }

    package static func noResources(_ what: String, _ systemError: Int32) -> PostgresError {
        PostgresError(
            .noResources,
            "this process has \(what) left for a connection [errno \(systemError)]",
            advice: "Look at its limits of threads and open files"
        )
    }
}

extension PostgresError {
    /// The error as the core and its users know it.
    public var antidoteError: AntidoteError {
        var message = "PostgreSQL: \(message)"
        if let sqlState { message += " [SQLSTATE \(sqlState)]" }
        return AntidoteError(
            coreCode,
            message,
            recovery: advice.map { $0 + "." },
            subject: place,
            // What is wrong with a store says nothing about the environment that was being worked on.
            disposition: .retry,
            cause: self
        )
    }

    private var coreCode: AntidoteError.Code {
        switch code {
        case .authenticationFailed, .unknownDatabase, .insufficientPrivilege, .serverTooOld, .wrongSchema, .tls,
            .invalidConfiguration:
            .configurationInvalid
        case .duplicate, .valueRefused, .unexpectedAnswer:
            .internalFault
        default:
            .storeUnavailable
        }
    }

    /// Whether the same transaction may succeed when it is tried again, and surely was not kept.
    package var isWorthRepeating: Bool {
        switch code {
        case .conflict, .connectionLost, .notAccepting, .tooManyConnections, .cannotConnect: true
        default: false
        }
    }
}
