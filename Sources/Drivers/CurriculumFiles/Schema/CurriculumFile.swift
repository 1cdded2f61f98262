#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A kind of YAML file in a curriculum.
public enum CurriculumFile: String, Sendable, Hashable, CaseIterable {
    /// A lesson, its machines and its stages.
    case lesson
    /// An image that machines are made from.
    case image
    /// Lessons that belong together.
    case collection
    /// The curriculum as a whole.
    case curriculum

    /// What a file of this kind is called: `lesson.meta.yaml`.
    public var name: String { "\(rawValue).meta.yaml" }

    /// Its JSON Schema (draft 2020-12), for editors. Ends in a line break.
    ///
    /// It is made of the declarations that files are read by. What takes more than one look at a single value to be
    /// found, such as a name that comes twice or a file that is missing, only a validation tells.
    public func schema() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let document = shape.schema.merging([
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": .string("Antidote: \(shape.subject)"),
            "description": .string("What \(name) may hold. Printed by `antidote schema \(rawValue)`."),
        ])
        return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    }

    var shape: Shape {
        switch self {
        case .lesson: LessonFields.shape
        case .image: ImageFields.shape
        case .collection: CollectionFields.shape
        case .curriculum: CurriculumFields.shape
        }
    }
}
