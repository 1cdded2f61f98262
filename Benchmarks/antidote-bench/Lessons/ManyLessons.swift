import Foundation

/// A curriculum of many lessons in a folder of its own, each a copy of one of the examples.
struct ManyLessons {
    let directory: URL
    /// Relative to `directory`.
    private(set) var files: [String] = []

    private static let slug = "hello-network"

    /// Copies the curriculum `example`, with `count` lessons in place of its own.
    init(_ count: Int, from example: URL) throws {
        let manager = FileManager.default
        directory = manager.temporaryDirectory.appendingPathComponent("antidote-bench-\(UUID().uuidString)")
        try manager.createDirectory(at: directory, withIntermediateDirectories: true)
        for name in ["curriculum.meta.yaml", "collections", "images"] {
            try manager.copyItem(
                at: example.appendingPathComponent(name),
                to: directory.appendingPathComponent(name)
            )
        }
        let lessons = directory.appendingPathComponent("lessons")
        try manager.createDirectory(at: lessons, withIntermediateDirectories: true)
        let original = example.appendingPathComponent("lessons").appendingPathComponent(Self.slug)
        let text = try String(contentsOf: original.appendingPathComponent("lesson.meta.yaml"), encoding: .utf8)
        for number in 0..<count {
            let copy = lessons.appendingPathComponent("lesson-\(number)")
            try manager.copyItem(at: original, to: copy)
            let own = text.replacing("slug: \(Self.slug)", with: "slug: lesson-\(number)")
            try Data(own.utf8).write(to: copy.appendingPathComponent("lesson.meta.yaml"))
        }
        files = try manager.subpathsOfDirectory(atPath: directory.path).filter { path in
            var isDirectory: ObjCBool = false
            return manager.fileExists(atPath: directory.appendingPathComponent(path).path, isDirectory: &isDirectory)
                && !isDirectory.boolValue
        }.sorted()
    }

    func remove() { try? FileManager.default.removeItem(at: directory) }
}
