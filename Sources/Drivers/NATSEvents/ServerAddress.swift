/// Where a server is: nothing else is taken from a URL, and who we are least of all.
struct ServerAddress: Sendable, Hashable, CustomStringConvertible {
    let host: String
    let port: Int
    let wantsTLS: Bool

    static let usualPort = 4222

    /// - Throws: `configurationInvalid`. It does not repeat what was written: there may be a password in it.
    init(parsing text: String) throws {
        var rest = Substring(text)
        var wantsTLS = false
        if let colon = text.range(of: "://") {
            switch text[..<colon.lowerBound] {
            case "nats": break
            case "tls": wantsTLS = true
            default: throw Self.wrong("begins with neither nats:// nor tls://")
            }
            rest = text[colon.upperBound...]
        }
        if rest.utf8.contains(UInt8(ascii: "@")) {
            throw Self.wrong("holds a user or a token", "Set the credentials apart from the address.")
        }
        if rest.last == "/" { rest.removeLast() }
        let (host, port) = try Self.split(rest)
        guard !host.isEmpty, host.utf8.count <= 253, host.utf8.allSatisfy(Self.isHostByte) else {
            throw Self.wrong("has no valid host")
        }
        guard let number = port.isEmpty ? Self.usualPort : Int(port), (1...65535).contains(number) else {
            throw Self.wrong("has no valid port")
        }
        self.host = String(host)
        self.port = number
        self.wantsTLS = wantsTLS
    }

    /// As people and libnats read it.
    func url(encrypted: Bool) -> String {
        let bracketed = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return "\(encrypted ? "tls" : "nats")://\(bracketed):\(port)"
    }

    var description: String { url(encrypted: wantsTLS) }

    /// Whether what is sent there stays on this machine.
    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    private static func split(_ text: Substring) throws -> (host: Substring, port: Substring) {
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { throw wrong("has no valid host") }
            let after = text[text.index(after: end)...]
            guard after.isEmpty || after.first == ":" else { throw wrong("has no valid port") }
            return (text[text.index(after: text.startIndex)..<end], after.dropFirst())
        }
        guard let colon = text.firstIndex(of: ":") else { return (text, "") }
        let port = text[text.index(after: colon)...]
        guard !port.isEmpty, !port.contains(":") else { throw wrong("has no valid port") }
        return (text[..<colon], port)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._:".utf8.contains(byte)
        }
    }

    private static func wrong(
        _ what: String,
        _ advice: String = "Write it as nats://host:port or tls://host:port."
    ) -> any Error {
        invalid("an address of a NATS server \(what)", advice)
    }
}

extension String {
    /// The first place of `text`; Foundation has the like, and is not needed for anything else here.
    fileprivate func range(of text: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
