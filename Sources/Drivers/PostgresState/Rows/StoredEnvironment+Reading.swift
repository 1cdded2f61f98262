@_spi(StoreKit) import AntidoteCore
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
            traceContext: try fields.json([String: String].self)
        )
        var environment = Environment(admitting: request, id: id, ticket: ticket, now: createdAt)
        let provisionedText = try environment.readChanging(&fields)
        self.init(row: environment, original: environment, provisionedText: provisionedText)
    }
}

extension Environment {
    /// Returns the text of what was built.
    fileprivate mutating func readChanging(_ fields: inout FieldReader) throws(PostgresError) -> String? {
        desired.sessionEndsAt = try fields.timestampIfAny()
        desired.isPersistent = try fields.bool()
        desired.generation = try fields.number()
        desired.revision = try fields.number()
        desired.wanted = try fields.choice(Wanted.self)
        observed.phase = try fields.choice(Phase.self)
        observed.phaseSince = try fields.timestamp()
        observed.incarnation = try fields.number()
        observed.deadThrough = try fields.number()
        observed.destroyedThrough = try fields.number()
        observed.builtGeneration = try fields.number()
        observed.observedGeneration = try fields.number()
        observed.mustConfigure = try fields.bool()
        let provisionedText = try fields.jsonIfAny()
        if let provisionedText { observed.provisioned = try RowJSON.value(provisionedText) }
        observed.troubled = try fields.json([String].self)
        observed.hasVanished = try fields.bool()
        attempts.restarts = try fields.json([String: Int].self)
        attempts.count = try fields.number()
        attempts.jobFailures = try fields.number()
        attempts.claims = try fields.number()
        if let text = try fields.jsonIfAny() { observed.failure = try RowJSON.value(text) as Failure }
        desired.lastActivityAt = try fields.timestamp()
        attempts.notBefore = try fields.timestampIfAny()
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
