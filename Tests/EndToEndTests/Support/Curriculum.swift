import Foundation

/// A copy of the example curriculum that a test may spoil, gone with it.
final class Curriculum {
    /// The one that everybody sees.
    static let example = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../Examples/curriculum").standardizedFileURL.path

    let path: String

    init() throws {
        path = "\(NSTemporaryDirectory())/antidote-\(UUID().uuidString)"
        try FileManager.default.copyItem(atPath: Curriculum.example, toPath: path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ file: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + file))
    }

    func delayReadiness(of lesson: String, seconds: Int) throws {
        let file = "lessons/\(lesson)/lesson.meta.yaml"
        let text = try String(contentsOfFile: "\(path)/\(file)", encoding: .utf8)
        try write(file, text + "\nreadyDelay: \(seconds)\n")
    }

    /// Replaces the script that configures the workstation of `shell-basics`.
    func configureWorkstation(_ script: String) throws {
        try write("lessons/shell-basics/stage0/configs/workstation.py", script)
    }
}
