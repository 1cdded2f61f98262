import AntidoteCore
import PostgresClient

/// The columns of `antidote_state_events` that tell of an event, in the order in which they are read and written.
enum EventColumn {
    typealias Of = Column<EnvironmentEvent>

    static var definitions: String { all.map(\.definition).joined(separator: ",\n    ") }
    static let selection = all.names()

    static let all: [Of] = [
        .text("environment") { $0.environment.rawValue },
        Of("sequence", .int8) { .integers($0.map(\.sequence)) },
        Of("at", .timestamptz) { .timestamps($0.map(\.time)) },
        .text("kind") { $0.kind.rawValue },
        .text("owner") { $0.owner.rawValue },
        .text("source_kind") { $0.source.kind },
        .text("source_name") { $0.source.name },
        .text("source_version") { $0.source.version },
        .number("revision") { $0.revision },
        .number("generation") { $0.generation },
        .number("incarnation") { $0.incarnation },
        .text("phase") { $0.phase.rawValue },
        .jsonIfAny("failure") { try $0.failure.map { try RowJSON.text($0.storable) } },
        .json("trace_context") { RowJSON.text($0.traceContext) },
    ]

    static func event(_ row: PostgresRow) throws(PostgresError) -> EnvironmentEvent {
        var fields = FieldReader(row)
        let id = try fields.id(EnvironmentID.self)
        let sequence = try fields.integer()
        let time = try fields.timestamp()
        let kind = try fields.choice(EnvironmentEvent.Kind.self)
        let owner = try fields.id(OwnerID.self)
        let source = EnvironmentSource(
            kind: try fields.text(),
            name: try fields.text(),
            version: try fields.text()
        )
        // What the event does not tell is nobody's business here.
        let request = AdmissionRequest(owner: owner, source: source, backend: BackendID(unchecked: "-"))
        var event = EnvironmentEvent(
            kind,
            about: Environment(admitting: request, id: id, ticket: 0, now: time),
            sequence: sequence,
            time: time
        )
        event.revision = try fields.number()
        event.generation = try fields.number()
        event.incarnation = try fields.number()
        event.phase = try fields.choice(Phase.self)
        if let text = try fields.jsonIfAny() { event.failure = try RowJSON.value(text) as Failure }
        event.traceContext = try fields.json([String: String].self)
        return event
    }
}
