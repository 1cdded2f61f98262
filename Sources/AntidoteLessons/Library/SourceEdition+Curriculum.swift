@_spi(StoreKit) public import AntidoteCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// A curriculum in a store: a document about the curriculum itself, and a document and a set of files for each lesson, so
// that one document and one set of files are all that a lesson needs to run.

/// The document `curriculum`: all that belongs to no lesson.
private struct CurriculumDocument: Codable {
    static let name = "curriculum"

    var info: CurriculumInfo
    var collections: [String: LessonCollection]
    var images: [String: ImageDefinition]
}

/// The document `lesson/<slug>`: a lesson with the images that its endpoints name.
struct LessonDocument: Codable {
    var lesson: Lesson
    var images: [String: ImageDefinition]

    private static let prefix = "lesson/"

    static func name(of slug: String) -> String { prefix + slug }

    /// The slug of the lesson that the document `name` holds; `nil` for any other document.
    static func slug(of name: String) -> String? {
        name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
    }
}

extension SourceEdition {
    /// A curriculum as a store keeps it.
    public init(_ edition: CurriculumEdition) throws {
        let curriculum = edition.curriculum
        self.init(kind: LessonPlanner.sourceKind, version: curriculum.version, files: edition.files)
        documents[CurriculumDocument.name] = try Self.encode(
            CurriculumDocument(info: curriculum.info, collections: curriculum.collections, images: curriculum.images)
        )
        for (slug, lesson) in curriculum.lessons {
            let document = LessonDocument(lesson: lesson, images: curriculum.images(of: lesson))
            documents[LessonDocument.name(of: slug)] = try Self.encode(document)
        }
    }

    fileprivate func document<Value: Decodable>(_ name: String) throws -> Value? {
        guard let bytes = documents[name] else { return nil }
        do {
            return try JSONDecoder().decode(Value.self, from: Data(bytes))
        } catch {
            throw AntidoteError(
                .internalFault,
                "the document “\(name)” of the curriculum \(version) cannot be read",
                recovery: "Import the curriculum again.",
                cause: error
            )
        }
    }

    private static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }
}

extension Curriculum {
    /// The curriculum that all documents of `edition` make.
    init(_ edition: SourceEdition) throws {
        self.init(version: edition.version)
        if let document: CurriculumDocument = try edition.document(CurriculumDocument.name) {
            (info, collections, images) = (document.info, document.collections, document.images)
        }
        for name in edition.documents.keys {
            guard let slug = LessonDocument.slug(of: name) else { continue }
            lessons[slug] = (try edition.document(name) as LessonDocument?)?.lesson
        }
    }
}

extension LessonEdition {
    /// The lesson `slug` of `edition`, which holds its document and files; `nil` if there is no such lesson.
    init?(_ slug: String, from edition: SourceEdition) throws {
        guard let document: LessonDocument = try edition.document(LessonDocument.name(of: slug)) else { return nil }
        self.init(
            lesson: document.lesson,
            version: edition.version,
            images: document.images,
            files: edition.files[slug] ?? .empty
        )
    }
}
