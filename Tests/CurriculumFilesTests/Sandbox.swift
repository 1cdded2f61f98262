import CurriculumFiles
import Foundation

/// A directory of a test's own, gone with it.
final class Sandbox {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/curriculum-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// A curriculum without any problem: two lessons, two images, a collection.
    convenience init(_ curriculum: [String: String]) throws {
        try self.init()
        for (file, text) in curriculum { try write(file, text) }
    }

    func write(_ file: String, _ text: String) throws { try write(file, Array(text.utf8)) }

    func write(_ file: String, _ bytes: [UInt8]) throws {
        let target = URL(fileURLWithPath: path + "/" + file)
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: target)
    }

    func remove(_ file: String) throws { try FileManager.default.removeItem(atPath: path + "/" + file) }

    func link(_ file: String, to target: String) throws {
        let place = URL(fileURLWithPath: path + "/" + file).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: path + "/" + file, withDestinationPath: target)
    }

    func pipe(_ file: String) throws {
        guard mkfifo(path + "/" + file, 0o644) == 0 else { throw POSIXError(.EIO) }
    }

    func read(limits: CurriculumLimits = CurriculumLimits()) -> CurriculumReadResult {
        CurriculumReader(directory: path, limits: limits).read()
    }
}
