@_spi(StoreKit) import AntidoteCore
import PostgresClient

/// A working set that was read from the database, and the statements that write it back. A value.
struct LoadedSet {
    var set: WorkingSet
    /// What was built, as it was read: most changes leave it as it is, and writing it anew costs.
    private var provisioned: [EnvironmentID: String] = [:]

    init(now: Timestamp, limits: AdmissionLimits, random: RandomSource) {
        set = WorkingSet(now: now, limits: limits, random: random)
    }

    /// Takes in environments, and returns their ids in the order of the rows.
    @discardableResult
    mutating func load(_ rows: PostgresRows) throws -> [EnvironmentID] {
        try rows.map { row in
            let stored = try StoredEnvironment(row)
            set.load(stored.row)
            provisioned[stored.row.id] = stored.provisionedText
            return stored.row.id
        }
    }

    /// Takes in sessions with their addresses.
    mutating func loadSessions(_ rows: PostgresRows) throws {
        for row in rows {
            set.load(try SessionColumn.session(row), address: try row.textIfAny(SessionColumn.addressColumn))
        }
    }

    /// What is to be written.
    func statements() throws -> [PostgresStatement] {
        let rows = set.changes.map { before, after in
            StoredEnvironment(row: after, original: before, provisionedText: provisioned[after.id])
        }
        return try SessionColumn.statements(opened: set.openedSessions, changed: set.changedSessions)
            + RowWriter(rows: rows, events: set.events).statements()
    }
}

/// A row as it was read, and as it is to be written.
struct StoredEnvironment: Sendable {
    let row: Environment
    /// As it was read; `nil` for a new row.
    let original: Environment?
    /// Of what was built, as it was read.
    let provisionedText: String?

    /// By how much it changes what is held of its source on its backend.
    var capacityChange: Int { (row.holdsCapacity ? 1 : 0) - (original?.holdsCapacity == true ? 1 : 0) }

    var provisionedJSON: String? {
        get throws {
            if let provisionedText, row.provisioned == original?.provisioned { return provisionedText }
            return try row.provisioned.map { try RowJSON.text($0) }
        }
    }
}
