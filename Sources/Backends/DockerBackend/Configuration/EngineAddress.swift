public import HTTPTransport

/// Where a Docker Engine listens.
public enum EngineAddress: Sendable {
    /// A socket on this machine.
    case unixSocket(path: String)
    /// Plain TCP: whoever reaches it is root on that host.
    case tcp(host: String, port: Int)
    /// TCP with TLS, and whatever certificates that needs.
    case tls(host: String, port: Int, TLSSettings)

    var base: HTTPClientConfiguration.Base {
        switch self {
        case .unixSocket(let path): .unixSocket(path: path)
        case .tcp(let host, let port): .tcp(host: host, port: port)
        case .tls(let host, let port, let settings): .tls(host: host, port: port, settings)
        }
    }
}

extension EngineAddress: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unixSocket(let path): "unix://\(path)"
        case .tcp(let host, let port): "tcp://\(host):\(port)"
        case .tls(let host, let port, _): "tcp://\(host):\(port) (TLS)"
        }
    }
}
