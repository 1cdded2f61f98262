/// Something that happened to an environment: written with the change that it tells of, numbered without gaps,
/// published after the commit.
public struct EnvironmentEvent: Sendable, Hashable, Codable {
    /// Counts the events of one environment, beginning with 1.
    public var sequence: Int64
    /// What happened.
    public var kind: Kind
    /// What it happened to.
    public var environment: EnvironmentID
    /// Who asked for the environment.
    public var owner: OwnerID
    /// What the environment is made from.
    public var source: EnvironmentSource
    /// The revision that was wanted.
    public var revision: Int
    /// The generation of what was wanted.
    package var generation: Int
    /// The incarnation that it had.
    package var incarnation: Int
    /// The phase after it happened.
    public var phase: Phase
    /// By the store's clock.
    public var time: Timestamp
    /// Why it failed; with `failed` only.
    public var failure: Failure?
    /// The trace of the request for the environment.
    package var traceContext: [String: String]

    /// The event `kind` of a row as it is now.
    package init(_ kind: Kind, about row: Environment, sequence: Int64, time: Timestamp) {
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
        traceContext = row.request.traceContext
    }

    /// Unique in the store: by it a consumer tells a repetition.
    public var id: String { "\(environment)-\(sequence)" }

    /// What may happen to an environment.
    ///
    /// Not exhaustive: later releases add kinds. Decoding an unknown one throws `unsupported`; a worker ignores events of
    /// an unknown type on the bus.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// It was asked for.
        case admitted
        /// Another revision of it is wanted.
        case revisionChanged
        /// It is as it was wanted.
        case ready
        /// It is given up.
        case failed
        /// It is gone.
        case deleted

        public init(from decoder: any Decoder) throws { try self.init(known: "kind of event", from: decoder) }
    }
}
