/// Something that happened to an environment: written with the change that it tells of, numbered without gaps,
/// published after the commit.
public struct EnvironmentEvent: Sendable, Hashable, Codable {
    /// Counts the events of one environment, beginning with 1.
    public var sequence: Int64
    public var kind: Kind
    public var environment: EnvironmentID
    public var owner: OwnerID
    public var source: EnvironmentSource
    public var revision: Int
    public var generation: Int
    public var incarnation: Int
    public var phase: Phase
    public var time: Timestamp
    public var failure: Failure?
    public var traceContext: [String: String]

    public init(_ kind: Kind, about row: Environment, sequence: Int64, time: Timestamp) {
        self.kind = kind
        self.sequence = sequence
        self.time = time
        environment = row.id
        owner = row.owner
        source = row.source
        revision = row.revision
        generation = row.generation
        incarnation = row.incarnation
        phase = row.phase
        failure = kind == .failed ? row.failure : nil
        traceContext = row.traceContext
    }

    /// Unique in the store: by it a consumer tells a repetition.
    public var id: String { "\(environment)-\(sequence)" }

    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case admitted = "new"
        case revisionChanged = "stagechange"
        case ready = "ready"
        case failed = "failed"
        case deleted = "delete"
    }
}
