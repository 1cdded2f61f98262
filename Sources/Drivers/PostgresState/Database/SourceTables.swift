@_spi(StoreKit) import AntidoteCore
import PostgresClient

/// Writes editions of sources into their tables.
enum SourceTables {
    /// How many bytes the documents or files of one statement have together.
    private static let chunk = 4 * 1024 * 1024

    /// Makes `edition` the current one of its kind. The caller finishes the transaction.
    static func replace(with edition: SourceEdition, in transaction: PostgresTransaction) throws {
        let (kind, version) = (PostgresValue.text(edition.kind), PostgresValue.text(edition.version))
        let answers = try transaction.run([SQL.lock(.integer(Schema.Lock.sources)), isCurrent(kind, version)])
        let isKnown = !answers[1].isEmpty
        if try answers[1].first?.bool(0) == true { return }
        _ = try transaction.run([retire(kind), makeCurrent(kind, version)])
        // An edition that is stored is the same to the last byte: its version says so.
        if isKnown { return }
        let documents = edition.documents.sorted { $0.key < $1.key }
        for documents in chunks(of: documents, size: { $0.value.count }) {
            _ = try transaction.run(
                insertDocuments(kind, version, .texts(documents.map(\.key)), .byteStrings(documents.map(\.value)))
            )
        }
        let files = edition.files.sorted { $0.key < $1.key }.flatMap { source, files in
            files.entries.map { (source: source, file: $0) }
        }
        for files in chunks(of: files, size: { $0.file.contents.count }) {
            _ = try transaction.run(
                insertFiles(
                    kind,
                    version,
                    .texts(files.map(\.source)),
                    .texts(files.map(\.file.path)),
                    .integers(files.map { Int64($0.file.mode) }),
                    .byteStrings(files.map(\.file.contents))
                )
            )
        }
    }

    private static func chunks<Element>(of elements: [Element], size: (Element) -> Int) -> [[Element]] {
        var chunks: [[Element]] = []
        var room = 0
        for element in elements {
            if chunks.isEmpty || room < size(element) {
                chunks.append([])
                room = chunk
            }
            room -= size(element)
            chunks[chunks.count - 1].append(element)
        }
        return chunks
    }
}

extension SourceTables {
    private static let isCurrent = PostgresQuery(
        "edition is current",
        "select retired_at is null from antidote_resource_editions where kind = $1 and version = $2"
    )

    private static let retire = PostgresQuery(
        "retire edition",
        """
        update antidote_resource_editions set retired_at = statement_timestamp() \
        where kind = $1 and retired_at is null
        """
    )

    private static let makeCurrent = PostgresQuery(
        "make edition current",
        """
        insert into antidote_resource_editions (kind, version) values ($1, $2) \
        on conflict (kind, version) do update set retired_at = null, imported_at = statement_timestamp()
        """
    )

    private static let insertDocuments = PostgresQuery(
        "insert documents",
        """
        insert into antidote_resource_documents (kind, version, name, body) \
        select $1, $2, * from unnest($3::text[], $4::bytea[])
        """
    )

    private static let insertFiles = PostgresQuery(
        "insert files",
        """
        insert into antidote_resource_files (kind, version, source, path, mode, contents) \
        select $1, $2, * from unnest($3::text[], $4::text[], $5::bigint[], $6::bytea[])
        """
    )
}
