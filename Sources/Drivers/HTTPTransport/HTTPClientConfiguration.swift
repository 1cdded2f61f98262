#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Where a client's server is, and the client's limits.
///
/// Proxies of the environment are never used, and redirects are never followed.
public struct HTTPClientConfiguration: Sendable {
    /// The one server of a client.
    public enum Base: Sendable {
        case unixSocket(path: String)
        /// Plain HTTP.
        case tcp(host: String, port: Int)
        case tls(host: String, port: Int, TLSSettings)
    }

    public var base: Base
    /// For name lookup, connect and TLS handshake together.
    public var connectTimeout: Duration = .seconds(10)
    /// For requests whose idle timeout is `.standard`; `nil`: none.
    public var idleTimeout: Duration? = .seconds(60)
    /// Requests beyond this many wait for one to end, first come, first served. A stream counts while it is open.
    public var maximumConnections = 64
    public var userAgent = "antidote"
    /// The largest body ``HTTPClient/execute(_:)`` accepts, in bytes.
    public var maximumResponseBytes = 16 * 1024 * 1024
    /// The largest head of an answer, in bytes.
    public var maximumHeadBytes = 64 * 1024
    /// How much of a stream is held for a slow reader before the server has to wait, in bytes.
    public var streamBufferBytes = 256 * 1024
    /// Sent with every request that does not set them itself.
    public var defaultHeaders: HTTPHeaders = [:]

    public init(base: Base) {
        self.base = base
    }
}

extension HTTPClientConfiguration {
    /// The URL that a request's path is appended to.
    var origin: String {
        switch base {
        case .unixSocket: "http://localhost"
        case .tcp(let host, let port): "http://\(Self.bracketed(host)):\(port)"
        case .tls(let host, let port, _): "https://\(Self.bracketed(host)):\(port)"
        }
    }

    var socketPath: String? {
        if case .unixSocket(let path) = base { path } else { nil }
    }

    func validate() throws(HTTPTransportError) {
        switch base {
        case .unixSocket(let path):
            let limit = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1
            guard (1...limit).contains(path.utf8.count), !path.utf8.contains(0) else {
                throw HTTPTransportError(.invalidRequest, "the socket's path must have 1 to \(limit) bytes")
            }
        case .tcp(let host, let port), .tls(let host, let port, _):
            guard !host.isEmpty, host.utf8.allSatisfy(Self.isHostByte), (1...65535).contains(port) else {
                throw HTTPTransportError(.invalidRequest, "the server's host or port is not valid")
            }
        }
        guard maximumConnections > 0, maximumResponseBytes >= 0, maximumHeadBytes > 0, streamBufferBytes > 0 else {
            throw HTTPTransportError(.invalidRequest, "a limit of the configuration is zero or negative")
        }
        try HTTPHeaders([HTTPHeaders.Field("User-Agent", userAgent)]).validate()
        try defaultHeaders.validate()
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            "-._:".utf8.contains(byte)
        }
    }

    private static func bracketed(_ host: String) -> String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
    }
}
