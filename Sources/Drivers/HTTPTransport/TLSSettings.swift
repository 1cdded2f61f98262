/// How a TLS connection is checked, and who we say we are. Everything is PEM; nothing touches the disk.
public struct TLSSettings: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The only authorities to trust; `nil`: the system's.
    public var authorities: [UInt8]?
    /// The client's certificate, with its chain.
    public var clientCertificate: [UInt8]?
    /// The key of `clientCertificate`, without a passphrase. Never part of an error or a description.
    public var clientKey: [UInt8]?
    /// `false` accepts anybody as the server: only for a test bench.
    public var verifiesServer: Bool
    /// Speaks TLS 1.2 only, in which the server judges the client's certificate within the handshake: what it says of it
    /// cannot get lost.
    public var hasVerdictInHandshake: Bool

    public init(
        authorities: [UInt8]? = nil,
        clientCertificate: [UInt8]? = nil,
        clientKey: [UInt8]? = nil,
        verifiesServer: Bool = true,
        hasVerdictInHandshake: Bool = false
    ) {
        self.authorities = authorities
        self.clientCertificate = clientCertificate
        self.clientKey = clientKey
        self.verifiesServer = verifiesServer
        self.hasVerdictInHandshake = hasVerdictInHandshake
    }

    public var description: String {
        "TLSSettings(authorities: \(authorities == nil ? "system" : "own"), "
            + "client certificate: \(clientCertificate == nil ? "no" : "yes"), verifies server: \(verifiesServer))"
    }

    public var debugDescription: String { description }

    /// `dump` shows no more than the description.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
