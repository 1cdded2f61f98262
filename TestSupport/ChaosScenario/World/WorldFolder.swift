import Foundation

/// Where everything of one run is.
package struct WorldFolder: Sendable {
    package let path: String
    private let programs: String

    /// - Parameter programs: The folder of the programs under test.
    package init(programs: String) throws {
        self.programs = programs
        path = NSTemporaryDirectory() + "antidote-chaos-\(UUID().uuidString.prefix(8).lowercased())"
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o711]
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: attributes)
        for name in ["antidote"] + ServiceCopy.Role.allCases.map(\.rawValue)
        where !FileManager.default.isExecutableFile(atPath: program(name)) {
            throw ChaosFailure("there is no \(name) in \(programs): build it first")
        }
    }

    package func file(_ name: String) -> String { "\(path)/\(name)" }

    package func program(_ name: String) -> String { "\(programs)/\(name)" }

    @discardableResult
    package func write(_ name: String, _ text: String) throws -> String {
        let path = file(name)
        let folder = URL(filePath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return path
    }

    package func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// The folder of the program that runs now, where the others are as well.
    package static var ownPrograms: String {
        let bundles = Bundle.allBundles.filter { $0.bundlePath.hasSuffix(".xctest") }
        let folders = bundles.map { $0.bundleURL.deletingLastPathComponent().path } + [Bundle.main.bundleURL.path]
        return folders.first { FileManager.default.isExecutableFile(atPath: "\($0)/antidote-api") } ?? folders[0]
    }
}
