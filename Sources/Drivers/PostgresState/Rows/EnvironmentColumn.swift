@_spi(StoreKit) import AntidoteCore
import PostgresClient

/// The columns of `antidote_state_environments`, in the order in which they are read and written.
enum EnvironmentColumn {
    typealias Of = Column<StoredEnvironment>

    static var definitions: String {
        (fixed + changing).map(\.definition).joined(separator: ",\n    ") + ",\n    primary key (id)"
    }

    /// What is read: everything but what is only there for the indexes.
    static let selection = (fixed + changing.dropLast(2)).names()

    /// What never changes.
    static let fixed: [Of] = [
        .text("id") { $0.row.id.rawValue },
        .text("owner") { $0.row.owner.rawValue },
        .text("source_kind") { $0.row.source.kind },
        .text("source_name") { $0.row.source.name },
        .text("source_version") { $0.row.source.version },
        .text("backend") { $0.row.backend.rawValue },
        Of("ticket", .int8) { .integers($0.map(\.row.ticket)) },
        moment("created_at", \.createdAt),
        .numberIfAny("idle_limit") { $0.row.request.idleLimit?.wholeMicroseconds },
        .json("trace_context") { RowJSON.text($0.row.request.traceContext) },
    ]

    /// What a write may change. The last two are there for the indexes.
    static let changing: [Of] = [
        momentIfAny("session_ends_at") { $0.row.desired.sessionEndsAt },
        .flag("is_persistent") { $0.row.desired.isPersistent },
        .number("generation") { $0.row.generation },
        .number("revision") { $0.row.revision },
        .text("wanted") { $0.row.wanted.rawValue },
        .text("phase") { $0.row.phase.rawValue },
        moment("phase_since", \.phaseSince),
        .number("incarnation") { $0.row.incarnation },
        .number("dead_through") { $0.row.observed.deadThrough },
        .number("destroyed_through") { $0.row.observed.destroyedThrough },
        .number("built_generation") { $0.row.observed.builtGeneration },
        .number("observed_generation") { $0.row.observed.observedGeneration },
        .flag("must_configure") { $0.row.observed.mustConfigure },
        .jsonIfAny("provisioned") { try $0.provisionedJSON },
        .json("troubled") { try RowJSON.text($0.row.observed.troubled) },
        .flag("has_vanished") { $0.row.observed.hasVanished },
        .json("restarts") { try RowJSON.text($0.row.attempts.restarts) },
        .number("attempts") { $0.row.attempts.count },
        .number("job_failures") { $0.row.attempts.jobFailures },
        .number("claims") { $0.row.attempts.claims },
        .jsonIfAny("failure") { try $0.row.failure.map { try RowJSON.text($0.storable) } },
        moment("last_activity_at", \.desired.lastActivityAt),
        momentIfAny("not_before") { $0.row.attempts.notBefore },
        .textIfAny("lease_worker") { $0.row.lease?.worker.rawValue },
        .numberIfAny("lease_fence") { $0.row.lease?.fence.rawValue },
        momentIfAny("lease_ends_at") { $0.row.lease?.endsAt },
        Of("fence", .int8) { .integers($0.map(\.row.fence.rawValue)) },
        Of("event_count", .int8) { .integers($0.map(\.row.eventCount)) },
        momentIfAny("due_scheduler") { $0.row.claimableAt(by: .scheduler) },
        momentIfAny("due_collector") { $0.row.claimableAt(by: .collector) },
    ]

    private static func moment(_ name: String, _ value: @escaping @Sendable (Environment) -> Timestamp) -> Of {
        Of(name, .timestamptz) { .timestamps($0.map { value($0.row) }) }
    }

    private static func momentIfAny(
        _ name: String,
        _ value: @escaping @Sendable (StoredEnvironment) -> Timestamp?
    ) -> Of {
        Of(name, .timestamptz, isNullable: true) { .timestamps($0.map(value)) }
    }
}
