import AntidoteCore
import PostgresClient

extension StoredEnvironment {
    /// Reads ``EnvironmentColumn/selection``.
    init(_ row: PostgresRow) throws(PostgresError) {
        var fields = FieldReader(row)
        let id = try fields.id(EnvironmentID.self)
        let owner = try fields.id(OwnerID.self)
        let source = EnvironmentSource(
            kind: try fields.text(),
            name: try fields.text(),
            version: try fields.text()
        )
        let backend = try fields.id(BackendID.self)
        let ticket = try fields.integer()
        let createdAt = try fields.timestamp()
        let request = AdmissionRequest(
            owner: owner,
            source: source,
            backend: backend,
            idleLimit: try fields.integerIfAny().map { .microseconds($0) },
            tags: try fields.json([String: String].self),
            traceContext: try fields.json([String: String].self)
        )
        var environment = Environment(admitting: request, id: id, ticket: ticket, now: createdAt)
        let provisionedText = try environment.readChanging(&fields)
        self.init(read: environment, provisionedText: provisionedText)
    }
}

extension Environment {
    /// Returns the text of what was built.
    fileprivate mutating func readChanging(_ fields: inout FieldReader) throws(PostgresError) -> String? {
        sessionEndsAt = try fields.timestampIfAny()
        isPersistent = try fields.bool()
        generation = try fields.number()
        revision = try fields.number()
        wanted = try fields.choice(Wanted.self)
        phase = try fields.choice(Phase.self)
        phaseSince = try fields.timestamp()
        incarnation = try fields.number()
        deadThrough = try fields.number()
        destroyedThrough = try fields.number()
        builtGeneration = try fields.number()
        observedGeneration = try fields.number()
        mustConfigure = try fields.bool()
        let provisionedText = try fields.jsonIfAny()
        if let provisionedText { provisioned = try RowJSON.value(provisionedText) }
        troubled = try fields.json([String].self)
        hasVanished = try fields.bool()
        restarts = try fields.json([String: Int].self)
        attempts = try fields.number()
        jobFailures = try fields.number()
        claims = try fields.number()
        if let text = try fields.jsonIfAny() { failure = try RowJSON.value(text) as Failure }
        lastActivityAt = try fields.timestamp()
        notBefore = try fields.timestampIfAny()
        let worker = try fields.textIfAny()
        let leaseFence = try fields.integerIfAny()
        let leaseEndsAt = try fields.timestampIfAny()
        if let worker, let leaseFence, let leaseEndsAt {
            guard let worker = WorkerID(rawValue: worker) else { throw .unreadable("a worker's name of another form") }
            lease = Lease(worker: worker, fence: Fence(leaseFence), endsAt: leaseEndsAt)
        }
        fence = Fence(try fields.integer())
        eventCount = try fields.integer()
        return provisionedText
    }
}
