import AntidoteCore
import Synchronization

/// The archives of one call of `converge`: built once for all endpoints with the same files.
final class ArchiveCache: Sendable {
    private let directory: String
    private let archives = Mutex<[Digest: [UInt8]]>([:])

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
