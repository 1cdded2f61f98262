#if SQLite
public import AntidoteCore
import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SQLiteStateStore {
    public func replaceCurriculum(with edition: CurriculumEdition) async throws {
        try await write { transaction in
            guard try transaction.currentCurriculum() != edition.curriculum else { return }
            try transaction.execute(
                "UPDATE antidote_curricula SET replaced_at = ? WHERE replaced_at IS NULL",
                [transaction.now.microseconds]
            )
            // It may have been here before.
            try transaction.execute(
                "DELETE FROM antidote_curricula WHERE version = ?",
                [edition.curriculum.version]
            )
            try transaction.insert(edition)
        }
    }

    public func currentCurriculum() async throws -> Curriculum? {
        try await read { try $0.currentCurriculum() }
    }

    public func currentEdition(of slug: String) async throws -> LessonEdition {
        try await read { transaction in
            guard let version = try transaction.currentVersion() else {
                throw AntidoteError.missingLesson(slug, among: [])
            }
            if let edition = try transaction.lesson(slug, version: version) { return edition }
            let known: [String] = try transaction.values(
                "SELECT slug FROM antidote_lessons WHERE version = ? ORDER BY slug",
                [version]
            )
            throw AntidoteError.missingLesson(slug, among: known)
        }
    }

    public func edition(of slug: String, version: String) async throws -> LessonEdition {
        try await read { transaction in
            guard let edition = try transaction.lesson(slug, version: version) else {
                throw AntidoteError.missingLesson(slug, version: version, among: [])
            }
            return edition
        }
    }
}

extension SQLiteTransaction {
    fileprivate func currentVersion() throws -> String? {
        try value("SELECT version FROM antidote_curricula WHERE replaced_at IS NULL")
    }

    fileprivate func currentCurriculum() throws -> Curriculum? {
        let text: String? = try value("SELECT curriculum FROM antidote_curricula WHERE replaced_at IS NULL")
        return try text.map { try Self.decode($0, "the curriculum") }
    }

    fileprivate func insert(_ edition: CurriculumEdition) throws {
        let version = edition.curriculum.version
        try execute(
            "INSERT INTO antidote_curricula (version, curriculum) VALUES (?, ?)",
            [version, try Self.encode(edition.curriculum)]
        )
        for slug in edition.curriculum.lessons.keys.sorted() {
            guard let lesson = edition.lesson(slug) else { continue }
            try execute(
                "INSERT INTO antidote_lessons VALUES (?, ?, ?, ?)",
                [version, slug, try Self.encode(lesson.lesson), try Self.encode(lesson.images)]
            )
            for file in lesson.files.entries {
                try execute(
                    "INSERT INTO antidote_files VALUES (?, ?, ?, ?, ?)",
                    [version, slug, file.path, Int(file.mode), Data(file.contents)]
                )
            }
        }
    }

    fileprivate func lesson(_ slug: String, version: String) throws -> LessonEdition? {
        let statement = try db.cachedStatement(
            sql: "SELECT lesson, images FROM antidote_lessons WHERE version = ? AND slug = ?"
        )
        guard let row = try Row.fetchOne(statement, arguments: [version, slug]) else { return nil }
        let files = try db.cachedStatement(
            sql: "SELECT path, mode, contents FROM antidote_files WHERE version = ? AND slug = ?"
        )
        let entries = try Row.fetchAll(files, arguments: [version, slug]).map { row in
            let contents: Data = row[2]
            return FileSet.File(
                path: row[0],
                mode: UInt16(truncatingIfNeeded: row[1] as Int),
                contents: Array(contents)
            )
        }
        return LessonEdition(
            lesson: try Self.decode(row[0], "a lesson"),
            version: version,
            images: try Self.decode(row[1], "the images of a lesson"),
            files: try FileSet(entries)
        )
    }
}
#endif
