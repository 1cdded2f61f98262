@_spi(StoreKit) public import AntidoteCore
import PostgresClient

extension PostgresStateStore {
    public func replaceSources(with edition: SourceEdition) async throws {
        try await writing { transaction in
            try SourceTables.replace(with: edition, in: transaction)
            try transaction.finish()
        }
    }

    public func sources(_ query: SourceQuery) async throws -> SourceEdition? {
        try await reading { transaction in
            let rows = try transaction.finish(
                Self.selectSources(
                    .text(query.kind),
                    .text(query.version),
                    .bool(query.documents == nil),
                    .texts(query.documents ?? []),
                    .texts(query.files)
                )
            )
            guard let first = rows.first else { return nil }
            var edition = SourceEdition(kind: query.kind, version: try first.text(1))
            var files: [String: [FileSet.File]] = [:]
            for row in rows {
                let name = try row.text(2)
                switch try row.integer(0) {
                case 0: break
                case 1: edition.documents[name] = try row.bytes(5)
                default:
                    let mode = UInt16(truncatingIfNeeded: try row.integer(4))
                    files[name, default: []].append(
                        FileSet.File(path: try row.text(3), mode: mode, contents: try row.bytes(5))
                    )
                }
            }
            edition.files = try files.mapValues { try FileSet($0) }
            return edition
        }
    }
}

extension PostgresStateStore {
    /// One statement, so that all rows are of one edition. An edition has at least one row, its own.
    private static let selectSources = PostgresQuery(
        "sources",
        """
        with edition as (\
        select kind, version from antidote_resource_editions \
        where kind = $1 and (version = $2 or ($2 is null and retired_at is null))\
        ) select 0::bigint as part, version, '' as name, '' as path, 0::bigint as mode, ''::bytea as body from edition \
        union all select 1, version, name, '', 0, body from antidote_resource_documents \
        join edition using (kind, version) where $3 or name = any($4) \
        union all select 2, version, source, path, mode, contents from antidote_resource_files \
        join edition using (kind, version) where source = any($5)
        """
    )
}
