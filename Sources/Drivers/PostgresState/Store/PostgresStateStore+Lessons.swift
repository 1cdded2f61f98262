public import AntidoteCore
import PostgresClient

extension PostgresStateStore: LessonStore {
    public func replaceCurriculum(with edition: CurriculumEdition) async throws {
        try await writing { transaction in
            try CurriculumTables.replace(with: edition, in: transaction)
            try transaction.finish()
        }
    }

    public func currentCurriculum() async throws -> Curriculum? {
        try await reading { transaction in
            // One statement, so that all of it is of one curriculum.
            let rows = try transaction.finish(Self.selectCurriculum())
            guard let first = rows.first else { return nil }
            var curriculum = Curriculum(version: try first.text(0))
            for row in rows {
                let slug = try row.text(2)
                let body = try row.json(3)
                switch try row.text(1) {
                case "collection": curriculum.collections[slug] = try RowJSON.value(body) as LessonCollection
                case "image": curriculum.images[slug] = try RowJSON.value(body) as ImageDefinition
                case "lesson": curriculum.lessons[slug] = try RowJSON.value(body) as Lesson
                default: curriculum.info = try RowJSON.value(body)
                }
            }
            return curriculum
        }
    }

    public func currentEdition(of slug: String) async throws -> LessonEdition {
        let version = try await reading { transaction in
            try transaction.finish(Self.selectVersion(.text(slug))).first.map { try $0.text(0) }
        }
        guard let version else {
            let known = try await reading { try $0.finish(Self.selectSlugs()).map { try $0.text(0) } }
            throw AntidoteError.missingLesson(slug, among: known)
        }
        return try await edition(of: slug, version: version)
    }

    public func edition(of slug: String, version: String) async throws -> LessonEdition {
        if let edition = editions.edition(of: slug, version: version) { return edition }
        let read = try await reading { transaction -> LessonEdition? in
            let key: (PostgresValue, PostgresValue) = (.text(version), .text(slug))
            let answers = try transaction.finish([
                Self.selectLesson(key.0, key.1), Self.selectImages(key.0), Self.selectFiles(key.0, key.1),
            ])
            guard let body = try answers[0].first?.json(0) else { return nil }
            let lesson: Lesson = try RowJSON.value(body)
            let wanted = Set(lesson.endpoints.map(\.image))
            var images: [String: ImageDefinition] = [:]
            for row in answers[1] where wanted.contains(try row.text(0)) {
                images[try row.text(0)] = try RowJSON.value(try row.json(1)) as ImageDefinition
            }
            let files = try answers[2].map { row in
                FileSet.File(
                    path: try row.text(0),
                    mode: UInt16(truncatingIfNeeded: try row.integer(1)),
                    contents: try row.bytes(2)
                )
            }
            return LessonEdition(lesson: lesson, version: version, images: images, files: try FileSet(files))
        }
        guard let read else { throw AntidoteError.missingLesson(slug, version: version, among: []) }
        editions.put(read)
        return read
    }
}

extension PostgresStateStore {
    private static let selectCurriculum = PostgresQuery(
        "curriculum",
        """
        with current as (select version, info from antidote_resource_curricula where retired_at is null) \
        select version, 'info' as kind, '' as slug, info as body from current union all \
        select version, 'collection', slug, body from antidote_resource_collections join current using (version) union all \
        select version, 'image', slug, body from antidote_resource_images join current using (version) union all \
        select version, 'lesson', slug, body from antidote_resource_lessons join current using (version)
        """
    )

    private static let selectVersion = PostgresQuery(
        "current version of lesson",
        """
        select version from antidote_resource_curricula join antidote_resource_lessons using (version) \
        where retired_at is null and slug = $1
        """
    )

    private static let selectSlugs = PostgresQuery(
        "slugs",
        """
        select slug from antidote_resource_curricula join antidote_resource_lessons using (version) \
        where retired_at is null order by slug
        """
    )

    private static let selectLesson = PostgresQuery(
        "lesson",
        "select body from antidote_resource_lessons where version = $1 and slug = $2"
    )

    private static let selectImages = PostgresQuery(
        "images",
        "select slug, body from antidote_resource_images where version = $1"
    )

    private static let selectFiles = PostgresQuery(
        "files",
        "select path, mode, contents from antidote_resource_files where version = $1 and lesson = $2 order by path"
    )
}
