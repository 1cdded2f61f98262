import AntidoteCore

/// Where a request comes from: to count by, and for nothing else. It prints as nothing, so that no log can hold it.
struct ClientAddress: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    private let address: IPAddress

    var description: String { "<address>" }
    var customMirror: Mirror { Mirror(self, children: [:]) }

    /// - Parameters:
    ///   - peer: Who is connected.
    ///   - forwarded: What it says in `X-Forwarded-For`, in order.
    ///   - trusted: Who is believed that.
    init?(peer: IPAddress?, forwarded: [String], trusted: [AddressBlock]) {
        guard var address = peer else { return nil }
        // Each proxy adds at the end whom it was asked by. What stands before the first stranger is the stranger's word.
        var hops = forwarded.flatMap { $0.split(separator: ",") }[...]
        while trusted.contains(where: { $0.contains(address) }), let hop = hops.popLast(),
            let before = ClientAddress.parse(hop)
        {
            address = before
        }
        self.address = address
    }

    /// What requests are counted by. Whoever has one address of version 6 has a whole network of them.
    var counted: String {
        if address.bytes.count == 4 { return address.bytes.map(\.description).joined(separator: ".") }
        return String(decoding: address.bytes.prefix(8).lowerHex, as: UTF8.self) + "/64"
    }

    /// Some proxies tell the port too.
    private static func parse(_ hop: Substring) -> IPAddress? {
        let text = hop.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
        if let address = IPAddress(text) { return address }
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") { return IPAddress(text[..<end].dropFirst()) }
        return text.lastIndex(of: ":").flatMap { IPAddress(text[..<$0]) }
    }
}
