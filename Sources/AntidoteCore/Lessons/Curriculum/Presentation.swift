/// A way for the learner to reach an endpoint.
public struct Presentation: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// A terminal.
        case ssh
        /// A web page.
        case http
    }

    /// A DNS label, unique in its endpoint.
    public var name: String
    public var port: UInt16
    public var kind: Kind

    public init(name: String, port: UInt16, kind: Kind) {
        self.name = name
        self.port = port
        self.kind = kind
    }
}
