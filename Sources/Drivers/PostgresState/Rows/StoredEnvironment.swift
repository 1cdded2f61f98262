import AntidoteCore

/// A row as it was read, and as it is to be written.
struct StoredEnvironment: Sendable {
    var row: Environment
    /// As it was read; `nil` for a new row.
    let original: Environment?
    /// Of what was built, as it was read: most changes leave it as it is, and writing it anew costs.
    let provisionedText: String?

    init(new row: Environment) {
        self.row = row
        original = nil
        provisionedText = nil
    }

    init(read row: Environment, provisionedText: String?) {
        self.row = row
        original = row
        self.provisionedText = provisionedText
    }

    var isChanged: Bool { original != row }

    /// By how much it changes what is held of its source on its backend.
    var capacityChange: Int { (row.holdsCapacity ? 1 : 0) - (original?.holdsCapacity == true ? 1 : 0) }

    var provisionedJSON: String? {
        get throws {
            if let provisionedText, row.provisioned == original?.provisioned { return provisionedText }
            return try row.provisioned.map { try RowJSON.text($0) }
        }
    }
}
