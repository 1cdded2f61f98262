/// How much one span may hold; what is beyond is left out and counted in the span.
public struct SpanLimits: Sendable, Hashable {
    /// Attributes of a span, of an event and of a link.
    public var attributes: Int
    /// Events of a span.
    public var events: Int
    /// Links of a span.
    public var links: Int
    /// The longest name or value, in bytes of UTF-8; longer ones are cut.
    public var valueBytes: Int
    /// Elements of an attribute that is a list.
    public var elements: Int

    /// A limit below 1 counts as 1.
    public init(attributes: Int = 64, events: Int = 64, links: Int = 64, valueBytes: Int = 2048, elements: Int = 64) {
        self.attributes = max(1, attributes)
        self.events = max(1, events)
        self.links = max(1, links)
        self.valueBytes = max(1, valueBytes)
        self.elements = max(1, elements)
    }
}
