import AntidoteCore
import PostgresClient

/// Writes a curriculum into its tables.
enum CurriculumTables {
    /// Of one statement's files, in bytes.
    private static let chunk = 4 * 1024 * 1024

    /// Makes `edition` the current one. The transaction is the caller's to finish.
    static func replace(with edition: CurriculumEdition, in transaction: PostgresTransaction) throws {
        let curriculum = edition.curriculum
        let answers = try transaction.run([
            SQL.lock(.integer(Schema.Lock.curriculum)),
            versions(.text(curriculum.version)),
        ])
        let (isKnown, isCurrent) = try answers[1].first.map { (true, try $0.bool(0)) } ?? (false, false)
        if isCurrent { return }
        let version = PostgresValue.text(curriculum.version)
        _ = try transaction.run([retire(), makeCurrent(version, .json(try RowJSON.text(curriculum.info)))])
        // An edition that is kept is the same to the last byte: its version says so.
        if isKnown { return }
        _ = try transaction.run([
            try insertion("collections", version, curriculum.collections),
            try insertion("images", version, curriculum.images),
            try insertion("lessons", version, curriculum.lessons),
        ])
        for files in chunks(of: edition) {
            _ = try transaction.run(
                insertFiles(
                    version,
                    .texts(files.map(\.lesson)),
                    .texts(files.map(\.file.path)),
                    .integers(files.map { Int64($0.file.mode) }),
                    .byteStrings(files.map(\.file.contents))
                )
            )
        }
    }

    private struct LessonFile {
        var lesson: String
        var file: FileSet.File
    }

    private static func chunks(of edition: CurriculumEdition) -> [[LessonFile]] {
        var chunks: [[LessonFile]] = []
        var room = 0
        for (slug, files) in edition.files.sorted(by: { $0.key < $1.key }) {
            for file in files.entries {
                if chunks.isEmpty || room < file.contents.count {
                    chunks.append([])
                    room = chunk
                }
                room -= file.contents.count
                chunks[chunks.count - 1].append(LessonFile(lesson: slug, file: file))
            }
        }
        return chunks
    }

    private static func insertion(
        _ table: String,
        _ version: PostgresValue,
        _ bodies: [String: some Encodable]
    ) throws -> PostgresStatement {
        let sorted = bodies.sorted { $0.key < $1.key }
        let query = PostgresQuery(
            "insert \(table)",
            """
            insert into antidote_resource_\(table) (version, slug, body) \
            select $1, * from unnest($2::text[], $3::jsonb[])
            """
        )
        return query(version, .texts(sorted.map(\.key)), .jsons(try sorted.map { try RowJSON.text($0.value) }))
    }
}

extension CurriculumTables {
    private static let versions = PostgresQuery(
        "curriculum version",
        "select retired_at is null from antidote_resource_curricula where version = $1"
    )

    private static let retire = PostgresQuery(
        "retire curriculum",
        "update antidote_resource_curricula set retired_at = statement_timestamp() where retired_at is null"
    )

    private static let makeCurrent = PostgresQuery(
        "make curriculum current",
        """
        insert into antidote_resource_curricula (version, info) values ($1, $2) \
        on conflict (version) do update set retired_at = null, imported_at = statement_timestamp()
        """
    )

    private static let insertFiles = PostgresQuery(
        "insert files",
        """
        insert into antidote_resource_files (version, lesson, path, mode, contents) \
        select $1, * from unnest($2::text[], $3::text[], $4::bigint[], $5::bytea[])
        """
    )
}
