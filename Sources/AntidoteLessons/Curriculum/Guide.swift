/// What the learner reads in a stage.
public struct Guide: Sendable, Hashable, Codable {
    /// What a guide is written as.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// A page in Markdown.
        case markdown
        /// A notebook, served by an endpoint of its own named `Guide.jupyterEndpointName`.
        case jupyter
    }

    /// The endpoint that serves the notebooks of a lesson; no endpoint of the author's may have this name.
    public static let jupyterEndpointName = "jupyterlabguide"

    /// What it is written as.
    public var kind: Kind
    /// The guide's file, relative to the lesson's directory.
    public var path: String

    public init(kind: Kind = .markdown, path: String) {
        self.kind = kind
        self.path = path
    }
}
