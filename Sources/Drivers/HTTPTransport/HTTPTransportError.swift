/// Why a request got no answer, or not all of it.
///
/// An answer with a status of 400 or above is an answer and not an error of this module.
/// No error holds a body, a header's value, a key, or a value of the query.
public struct HTTPTransportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is; compare it, more may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        public let description: String

        /// Nobody answers at the address: refused, unreachable, or the name is unknown. The request was not sent.
        public static let cannotConnect = Code(description: "cannotConnect")
        /// The Unix socket exists, but this process may not use it.
        public static let permissionDenied = Code(description: "permissionDenied")
        /// There is no Unix socket at the path.
        public static let socketMissing = Code(description: "socketMissing")
        /// The request's deadline or the connect timeout passed.
        public static let timedOut = Code(description: "timedOut")
        /// The connection is up, and no byte came or went for the idle timeout.
        public static let stalled = Code(description: "stalled")
        /// The handshake failed, or a certificate or key was not accepted.
        public static let tls = Code(description: "tls")
        /// The connection broke before the answer was whole. Whether the server acted on the request is unknown.
        public static let connectionLost = Code(description: "connectionLost")
        /// The answer's head or buffered body is larger than the client's limit.
        public static let responseTooLarge = Code(description: "responseTooLarge")
        /// A line of a stream is longer than its limit.
        public static let lineTooLong = Code(description: "lineTooLong")
        /// What came is not HTTP/1.1.
        public static let protocolViolation = Code(description: "protocolViolation")
        /// The client was shut down.
        public static let shutdown = Code(description: "shutdown")
        /// The request or the configuration cannot be sent as it is: an error of the caller.
        public static let invalidRequest = Code(description: "invalidRequest")
        /// A lent stream was read by two tasks at once, or after its closure had ended: an error of the caller.
        public static let streamMisuse = Code(description: "streamMisuse")
        /// libcurl or the system failed in another way; `curlCode` says how.
        public static let other = Code(description: "other")
    }

    public let code: Code
    /// For people: what happened and, where there is something to do, what.
    public let message: String
    /// Method and path, with the values of the query left out. `nil` outside a request.
    public let request: String?
    /// libcurl's code, when libcurl failed.
    public let curlCode: Int32?
    /// `errno`, when the system said one.
    public let systemError: Int32?

    public init(
        _ code: Code,
        _ message: String,
        request: String? = nil,
        curlCode: Int32? = nil,
        systemError: Int32? = nil
    ) {
        self.code = code
        self.message = message
        self.request = request
        self.curlCode = curlCode
        self.systemError = systemError
    }

    public var description: String {
        var text = "\(code): \(message)"
        if let request { text += " (\(request))" }
        if let curlCode { text += " [curl \(curlCode)]" }
        if let systemError { text += " [errno \(systemError)]" }
        return text
    }
}
