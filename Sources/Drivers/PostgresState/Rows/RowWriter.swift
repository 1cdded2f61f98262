import AntidoteCore
import PostgresClient

/// What one transaction has made of rows, as the statements that write it down. A value.
struct RowWriter {
    var rows: [StoredEnvironment]
    var events: [EnvironmentEvent]

    /// In an order in which no two transactions can block each other: rows, events, and at last what is counted, which
    /// many want to change.
    func statements() throws -> [PostgresStatement] {
        let new = rows.filter { $0.original == nil }
        let changed = rows.filter { $0.original != nil }
        var statements: [PostgresStatement] = []
        if !new.isEmpty { statements.append(try statement(Self.insertion, Self.insertionColumns, new)) }
        if !changed.isEmpty { statements.append(try statement(Self.update, Self.updateColumns, changed)) }
        if !events.isEmpty { statements.append(try statement(Self.eventInsertion, EventColumn.all, events)) }
        if let counting { statements.append(counting) }
        return statements
    }

    private func statement<Row>(
        _ query: PostgresQuery,
        _ columns: [Column<Row>],
        _ rows: [Row]
    ) throws -> PostgresStatement {
        PostgresStatement(query: query, values: try columns.map { try $0.values(rows) })
    }

    private var counting: PostgresStatement? {
        var changes: [CapacityKey: Int] = [:]
        for row in rows where row.capacityChange != 0 {
            changes[CapacityKey(row.row), default: 0] += row.capacityChange
        }
        let sorted = changes.filter { $0.value != 0 }.sorted { $0.key < $1.key }
        guard !sorted.isEmpty else { return nil }
        return Self.count(
            .texts(sorted.map(\.key.backend)),
            .texts(sorted.map(\.key.kind)),
            .texts(sorted.map(\.key.name)),
            .integers(sorted.map(\.value))
        )
    }
}

extension RowWriter {
    private static let insertionColumns = EnvironmentColumn.fixed + EnvironmentColumn.changing
    private static let updateColumns = Array(EnvironmentColumn.fixed.prefix(1)) + EnvironmentColumn.changing

    private static let insertion = PostgresQuery(
        "insert environments",
        "insert into \(SQL.environments) (\(insertionColumns.names())) select * from unnest(\(insertionColumns.arrays()))"
    )

    private static let update = PostgresQuery(
        "update environments",
        """
        update \(SQL.environments) as stored \
        set \(EnvironmentColumn.changing.map { "\($0.name) = new.\($0.name)" }.joined(separator: ", ")) \
        from unnest(\(updateColumns.arrays())) as new (\(updateColumns.names())) where stored.id = new.id
        """
    )

    private static let eventInsertion = PostgresQuery(
        "insert events",
        """
        insert into antidote_state_events (\(EventColumn.selection), published) \
        select *, false from unnest(\(EventColumn.all.arrays()))
        """
    )

    /// Each connection counts in a slot that few others have, since whoever counts keeps others of the same slot waiting
    /// until it has committed. The sum over all slots is what is held.
    private static let count = PostgresQuery(
        "count capacity",
        """
        insert into antidote_state_capacity as counted (backend, source_kind, source_name, held, slot) \
        select *, pg_backend_pid() % 16 from unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) \
        on conflict (backend, source_kind, source_name, slot) do update set held = counted.held + excluded.held
        """
    )
}

/// What capacity is counted by.
struct CapacityKey: Hashable, Comparable {
    var backend: String
    var kind: String
    var name: String

    init(backend: String, kind: String, name: String) {
        self.backend = backend
        self.kind = kind
        self.name = name
    }

    init(_ row: Environment) {
        self.init(backend: row.backend.rawValue, kind: row.source.kind, name: row.source.name)
    }

    static func < (left: CapacityKey, right: CapacityKey) -> Bool {
        (left.backend, left.kind, left.name) < (right.backend, right.kind, right.name)
    }
}
