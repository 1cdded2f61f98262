/// A way for the learner to reach an endpoint.
public struct Presentation: Sendable, Hashable, Codable {
    /// What a presentation shows.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// A terminal.
        case ssh
        /// A web page.
        case http
    }

    /// A DNS label, unique in its endpoint.
    public var name: String
    /// The port of the endpoint that it is at.
    public var port: UInt16
    /// What it shows.
    public var kind: Kind

    public init(name: String, port: UInt16, kind: Kind) {
        self.name = name
        self.port = port
        self.kind = kind
    }
}
