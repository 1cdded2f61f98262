/// How the connection to a NATS server is encrypted. All files are PEM.
public struct NATSTLS: Sendable, Hashable {
    /// The authorities to trust; `nil`: the system's.
    public var authorityFile: String?
    /// The client's certificate, with its chain. Goes with ``keyFile``.
    public var certificateFile: String?
    /// The key of ``certificateFile``, without a passphrase.
    public var keyFile: String?
    /// `false` accepts anybody as the server, by whatever name: only for a test bench.
    public var verifiesServer: Bool

    /// The server's certificate must be of an authority that is trusted, and for the name that we connect to.
    public init(
        authorityFile: String? = nil,
        certificateFile: String? = nil,
        keyFile: String? = nil,
        verifiesServer: Bool = true
    ) {
        self.authorityFile = authorityFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.verifiesServer = verifiesServer
    }

    func validate() throws {
        guard (certificateFile == nil) == (keyFile == nil) else {
            throw invalid("of the client's certificate for NATS and its key, one is missing", "Set both or neither.")
        }
        let files = [
            (authorityFile, "the authorities' file for NATS"), (certificateFile, "the client's certificate for NATS"),
            (keyFile, "the key of the client's certificate for NATS"),
        ]
        for case (let path?, let what) in files { try NATSCredentials.requireFile(path, what) }
    }
}
