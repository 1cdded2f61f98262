import AntidoteCore
import AntidoteLessons
import AntidoteRuntime
import CurriculumFiles
import Foundation

/// The lesson of the examples that has a terminal and a web page.
enum ExampleLesson {
    static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../Examples/curriculum").standardizedFileURL.path

    static func library(_ slug: String = "hello-network", directory: String = directory) throws -> DirectoryLibrary {
        try DirectoryLibrary(reader: CurriculumReader(directory: directory), lesson: slug)
    }

    static func edition() async throws -> LessonEdition { try await library().currentEdition(of: "hello-network") }
}

/// A directory of a test's own, gone with it.
final class Folder {
    let path = "\(NSTemporaryDirectory())/antidote-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, and returns its path.
    func write(_ name: String, _ text: String) throws -> String {
        let file = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    /// A copy of the example curriculum in here.
    func curriculum() throws -> String {
        try FileManager.default.copyItem(atPath: ExampleLesson.directory, toPath: path + "/curriculum")
        return path + "/curriculum"
    }
}
