/// SQL with a name, under which each connection prepares it once. It never holds a value.
package struct PostgresQuery: Sendable, Hashable {
    /// Unique in the program.
    package let name: String
    package let sql: String

    package init(_ name: String, _ sql: String) {
        self.name = name
        self.sql = sql
    }

    /// The statement with values for `$1`, `$2` and so on.
    package func callAsFunction(_ values: PostgresValue...) -> PostgresStatement {
        PostgresStatement(query: self, values: values)
    }
}

/// A query and its parameters.
///
/// The same query must always be given values of the same kinds, in the same order.
package struct PostgresStatement: Sendable, Hashable {
    package var query: PostgresQuery
    package var values: [PostgresValue]

    package init(query: PostgresQuery, values: [PostgresValue]) {
        self.query = query
        self.values = values
    }

    package static let begin = PostgresQuery("begin", "begin isolation level read committed")()
    package static let commit = PostgresQuery("commit", "commit")()
    package static let rollback = PostgresQuery("rollback", "rollback")()
}
