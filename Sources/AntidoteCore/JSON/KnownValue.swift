extension RawRepresentable<String> {
    /// Decodes a value of a list that later releases extend. Throws `unsupported`, naming the value, if this release does
    /// not know it.
    ///
    /// - Parameter what: What the value is, for the message.
    init(known what: String, from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Self(rawValue: text) else {
            throw AntidoteError(
                .unsupported,
                "this release does not know the \(what) “\(text.prefix(64))”",
                recovery: "A later release wrote it: run the same release everywhere."
            )
        }
        self = value
    }
}
