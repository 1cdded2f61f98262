import AntidoteCore
import Synchronization

/// A lab directory as an archive to unpack at `/`.
enum LabArchive {
    /// `directory` with the files below it.
    ///
    /// The archive belongs to root, because which user an image runs as is not known here. The directory itself
    /// is open to that user with the sticky bit, as `/tmp` is, so that scripts can write beside their files.
    static func make(of files: FileSet, in directory: String) -> [UInt8] {
        let parts = directory.split(separator: "/").map(String.init)
        var tar = TarWriter()
        var path = ""
        for (index, part) in parts.enumerated() {
            path += path.isEmpty ? part : "/" + part
            tar.addDirectory(path, mode: index == parts.count - 1 ? 0o1777 : 0o755)
        }
        var made: Set<String> = []
        for file in files.entries {
            var folder = path
            for part in file.path.split(separator: "/").dropLast() {
                folder += "/" + part
                if made.insert(folder).inserted { tar.addDirectory(folder) }
            }
            tar.addFile(path + "/" + file.path, mode: file.mode, contents: file.contents)
        }
        return tar.finish()
    }
}

/// The archives of one call of `converge`: built once for all endpoints with the same files.
final class ArchiveCache: Sendable {
    private let directory: String
    private let archives = Mutex<[ContentDigest: [UInt8]]>([:])

    init(directory: String) { self.directory = directory }

    func archive(of files: FileSet) -> [UInt8] {
        archives.withLock { archives in
            if let known = archives[files.digest] { return known }
            let made = LabArchive.make(of: files, in: directory)
            archives[files.digest] = made
            return made
        }
    }
}
