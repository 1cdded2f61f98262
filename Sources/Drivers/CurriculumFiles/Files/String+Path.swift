extension String {
    /// The parts between “/”, empty ones left out.
    ///
    /// By bytes: to `Character` a slash and a combining mark after it are one, to the system they are a separator and
    /// the beginning of a name.
    var pathParts: [String] {
        utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// What follows the first `count` bytes.
    func dropping(bytes count: Int) -> String { String(decoding: utf8.dropFirst(count), as: UTF8.self) }
}
