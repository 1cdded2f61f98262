/// One request to the client's server.
public struct HTTPRequest: Sendable {
    /// What is sent after the head.
    public enum Body: Sendable {
        case none
        /// Sent with its length; read in place and never copied as a whole.
        case bytes([UInt8])
        /// Written piece by piece while the request runs, so that an upload is never in memory as a whole.
        ///
        /// `length` in bytes, when it is known, becomes `Content-Length`; otherwise the body is sent in chunks.
        /// The closure runs in a child task of the call, which waits for it: it must end when its task is cancelled.
        /// What it throws ends the request, and the call throws it.
        case stream(length: Int64?, @Sendable (HTTPBodyWriter) async throws -> Void)
    }

    /// How long a connection that is up may carry nothing in either direction, counted only while the transport
    /// waits for the server (not for a slow reader or a slow upload).
    public enum IdleTimeout: Sendable, Hashable {
        /// The client's.
        case standard
        /// None: for streams in which silence is normal.
        case never
        case after(Duration)
    }

    public var method: HTTPMethod
    /// Path and query, percent-encoded: see ``HTTPPath/encode(_:query:)``.
    public var path: String
    public var headers: HTTPHeaders
    public var body: Body
    /// The longest the whole request may take, from the call to the last byte of the answer; `nil`: as long as it takes.
    public var deadline: Duration?
    public var idleTimeout: IdleTimeout

    public init(
        _ method: HTTPMethod,
        _ path: String,
        headers: HTTPHeaders = [:],
        body: Body = .none,
        deadline: Duration? = nil,
        idleTimeout: IdleTimeout = .standard
    ) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.deadline = deadline
        self.idleTimeout = idleTimeout
    }

    /// What errors say of it.
    var summary: String { "\(method) \(HTTPPath.redacted(path))" }

    func validate() throws(HTTPTransportError) {
        guard HTTPMethod.isToken(method.rawValue) else {
            throw HTTPTransportError(.invalidRequest, "the method is empty or has characters not allowed there")
        }
        do throws(HTTPTransportError) {
            try HTTPPath.validate(path)
            try headers.validate()
        } catch {
            throw HTTPTransportError(error.code, error.message, request: summary)
        }
        if case .stream(let length?, _) = body, length < 0 {
            throw HTTPTransportError(.invalidRequest, "the body's length is negative", request: summary)
        }
        if method == .head || method == .get, case .stream = body {
            throw HTTPTransportError(.invalidRequest, "\(method) cannot have a streamed body", request: summary)
        }
    }
}
