@_spi(StoreKit) import AntidoteCore
import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a visitor shows to be who opened a session: 256 random bits. Only its digest is ever kept.
struct SessionToken: Sendable {
    /// 43 characters of base64url.
    let secret: Secret

    /// Drawn from the system's secure source, whatever source everything else is drawn from.
    init() {
        var source = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        for _ in 0..<4 {
            withUnsafeBytes(of: source.next()) { bytes += $0 }
        }
        secret = Secret(SessionToken.base64URL(bytes))
    }

    /// The token that a request sent as `authorization`; `nil` where that is no such thing.
    init?(authorization: String) {
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", SessionToken.isToken(parts[1]) else { return nil }
        secret = Secret(String(parts[1]))
    }

    /// What the store recognises it by.
    var digest: TokenDigest { TokenDigest(bytes: Array(SHA256.hash(data: Array(secret.reveal().utf8)))) }

    private static func isToken(_ text: Substring) -> Bool {
        text.utf8.count == 43
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default:
                    false
                }
            }
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        let text = Data(bytes).base64EncodedString().utf8.compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "="): nil
            default: byte
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
