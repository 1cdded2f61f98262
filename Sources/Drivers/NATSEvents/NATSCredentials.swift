public import AntidoteCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// How a client shows a NATS server who it is.
public enum NATSCredentials: Sendable {
    /// A user of the server's configuration.
    case user(String, password: Secret)
    /// The server's token.
    case token(Secret)
    /// A file with a user's JWT and NKey seed, as `nsc` writes it. Read again for each connection.
    case credentialsFile(String)
    /// A user's public NKey, and a file with its seed. Read again for each connection.
    case nkey(publicKey: String, seedFile: String)

    func validate() throws {
        switch self {
        case .user(let name, let password):
            try Self.requireText(name, "the user's name for NATS")
            try Self.requireText(password.reveal(), "the password for NATS")
        case .token(let token): try Self.requireText(token.reveal(), "the token for NATS")
        case .credentialsFile(let path): try Self.requireFile(path, "the credentials file for NATS")
        case .nkey(let publicKey, let seedFile):
            guard publicKey.utf8.count == 56, publicKey.utf8.first == UInt8(ascii: "U"),
                publicKey.utf8.allSatisfy({ (0x41...0x5A).contains($0) || (0x32...0x37).contains($0) })
            else {
                throw invalid(
                    "the public NKey for NATS is none of a user",
                    "It has 56 characters of A-Z and 2-7, and begins with U. A seed, which begins with SU, is a secret."
                )
            }
            try Self.requireFile(seedFile, "the file with the NKey's seed for NATS")
        }
    }

    /// What C is given must be there, and must not end early. Neither is shown.
    static func requireText(_ text: String, _ what: String) throws {
        guard !text.isEmpty, text.utf8.count <= 4096, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw invalid("\(what) is empty, too long, or has control characters", "Set it.")
        }
    }

    static func requireFile(_ path: String, _ what: String) throws {
        try requireText(path, "the path of \(what)")
        guard access(path, R_OK) == 0 else {
            throw invalid(
                "\(what) cannot be read: \(String(cString: strerror(errno)))",
                "Set its path, and let this user read it.",
                subject: path
            )
        }
    }
}
