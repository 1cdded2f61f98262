import Foundation

/// A key as NATS writes it: Ed25519, in base 32 with a prefix and a checksum.
struct NKey {
    enum Kind: UInt8 {
        case operator_ = 0x70
        case account = 0
        case user = 0xA0
    }

    let publicKey: String
    let seed: String
    private let folder: TemporaryFolder

    init(_ kind: Kind) throws {
        folder = try TemporaryFolder()
        try OpenSSL.run(["genpkey", "-algorithm", "ed25519", "-out", "key.pem"], in: folder)
        // The last 32 bytes of either are the key itself.
        let secret = try OpenSSL.run(["pkey", "-in", "key.pem", "-outform", "DER"], in: folder).suffix(32)
        let open = try OpenSSL.run(["pkey", "-in", "key.pem", "-pubout", "-outform", "DER"], in: folder).suffix(32)
        publicKey = Self.encoded([kind.rawValue] + open)
        // “S”, and the kind in what is left of its five bits and in the next.
        let prefix: UInt8 = 0x90
        seed = Self.encoded([prefix | (kind.rawValue >> 5), (kind.rawValue & 0x1F) << 3] + secret)
    }

    func signature(of text: String) throws -> Data {
        try folder.write("text", text)
        return try OpenSSL.run(["pkeyutl", "-sign", "-inkey", "key.pem", "-rawin", "-in", "text"], in: folder)
    }

    private static func encoded(_ bytes: [UInt8]) -> String {
        var sum: UInt16 = 0
        for byte in bytes {
            sum ^= UInt16(byte) << 8
            for _ in 0..<8 { sum = sum & 0x8000 == 0 ? sum << 1 : (sum << 1) ^ 0x1021 }
        }
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var (text, bits, count) = ("", 0, 0)
        for byte in bytes + [UInt8(sum & 0xFF), UInt8(sum >> 8)] {
            (bits, count) = ((bits << 8) | Int(byte), count + 8)
            while count >= 5 {
                count -= 5
                text.append(alphabet[(bits >> count) & 31])
                bits &= (1 << count) - 1
            }
        }
        if count > 0 { text.append(alphabet[(bits << (5 - count)) & 31]) }
        return text
    }
}

/// An operator with one account, as `nsc` would make them.
struct JWTAccounts {
    private let account: NKey
    /// Lines for the server, which knows this operator and this account.
    let serverSettings: String

    init() throws {
        let (operator_, account) = (try NKey(.operator_), try NKey(.account))
        self.account = account
        let operatorToken = try Self.token(
            #""sub":"\#(operator_.publicKey)","name":"operator","nats":{"type":"operator","version":2}"#,
            by: operator_
        )
        let limits = ["subs", "data", "payload", "imports", "exports", "conn", "leaf"].map { #""\#($0)":-1"# }
        let accountToken = try Self.token(
            #""sub":"\#(account.publicKey)","name":"account","nats":{"type":"account","version":2,"limits":{"#
                + limits.joined(separator: ",") + #","wildcards":true}}"#,
            by: operator_
        )
        serverSettings = """
            operator: \(operatorToken)
            resolver: MEMORY
            resolver_preload: { \(account.publicKey): \(accountToken) }
            """
    }

    /// The text of a credentials file.
    func credentials(for user: NKey) throws -> String {
        let claims =
            #""sub":"\#(user.publicKey)","name":"user","nats":{"type":"user","version":2,"subs":-1,"data":-1,"payload":-1,"#
            + #""pub":{},"sub":{}}"#
        return """
            -----BEGIN NATS USER JWT-----
            \(try Self.token(claims, by: account))
            ------END NATS USER JWT------

            -----BEGIN USER NKEY SEED-----
            \(user.seed)
            ------END USER NKEY SEED------

            """
    }

    private static func token(_ claims: String, by issuer: NKey) throws -> String {
        let body = #"{"jti":"TEST","iat":1700000000,"iss":"\#(issuer.publicKey)",\#(claims)}"#
        let text = encoded(Data(#"{"typ":"JWT","alg":"ed25519-nkey"}"#.utf8)) + "." + encoded(Data(body.utf8))
        return text + "." + encoded(try issuer.signature(of: text))
    }

    private static func encoded(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
