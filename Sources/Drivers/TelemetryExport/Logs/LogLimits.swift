/// How long a line of a log can become, whatever is logged.
public struct LogLimits: Sendable, Hashable {
    /// The longest message, in bytes of UTF-8; longer ones are cut.
    public var messageBytes: Int
    /// The longest value of one key, likewise.
    public var valueBytes: Int
    /// Keys of one line, nested ones counted each; further ones are left out.
    public var keys: Int
    /// Keys and values of one line together, in bytes of UTF-8; further ones are left out.
    public var metadataBytes: Int

    /// A limit below 1 counts as 1.
    public init(
        messageBytes: Int = 16 * 1024,
        valueBytes: Int = 8 * 1024,
        keys: Int = 64,
        metadataBytes: Int = 64 * 1024
    ) {
        self.messageBytes = max(1, messageBytes)
        self.valueBytes = max(1, valueBytes)
        self.keys = max(1, keys)
        self.metadataBytes = max(1, metadataBytes)
    }
}
