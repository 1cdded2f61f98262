@_spi(StoreKit) import AntidoteCore

/// A live lesson as operators see it.
struct LiveLessonReport: Encodable {
    var id: String
    var session: String
    var lesson: String
    var edition: String
    var stage: Int
    var backend: String
    var phase: String
    var wanted: String
    var since: String
    var createdAt: String
    var expiresAt: String?
    var persistent: Bool
    var attempts: Int
    var incarnation: Int
    var worker: String?
    var failure: Failure?

    struct Failure: Encodable {
        var code: String
        var message: String
        var advice: String?
        var place: String?
        var logTail: String?
        var at: String
    }

    init(_ row: Environment) {
        id = row.id.rawValue
        session = row.owner.rawValue
        lesson = row.source.name
        edition = row.source.version
        stage = row.revision
        backend = row.backend.rawValue
        phase = row.phase.rawValue
        wanted = row.wanted.rawValue
        since = row.phaseSince.description
        createdAt = row.createdAt.description
        expiresAt = row.expiresAt?.description
        persistent = row.desired.isPersistent
        attempts = row.attempts.count
        incarnation = row.incarnation
        worker = row.lease?.worker.rawValue
        failure = row.failure.map {
            Failure(
                code: $0.code.description,
                message: $0.message,
                advice: $0.recovery,
                place: $0.subject,
                logTail: $0.logTail,
                at: $0.at.description
            )
        }
    }
}
