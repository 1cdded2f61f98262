/// A regular file that was found, not yet read.
struct ScannedFile: Hashable {
    /// Relative to the curriculum, by the name under which it was found.
    let path: String
    /// Where its bytes are: `path`, or where the symbolic link at `path` leads.
    let source: String
    let size: Int
    let isExecutable: Bool

    /// The permission bits that it has in a lab.
    var mode: UInt16 { isExecutable ? 0o755 : 0o644 }
}

/// A directory with a `lesson.meta.yaml`, and what is in it.
struct ScannedLesson {
    /// Relative to the curriculum.
    let directory: String
    let metaFile: ScannedFile
    /// Every file of the lesson by its path relative to `directory`.
    var files: [String: ScannedFile] = [:]
    /// Files and directories.
    var entryCount = 0
    var size = 0
    /// Whether something in the directory cannot be used, so that the lesson cannot either.
    var isBroken = false
    /// Whether there is more in the directory than was looked at, so that nothing is known to be missing.
    var isCut = false
}

extension String {
    /// The parts between “/”, empty ones left out.
    ///
    /// By bytes: to `Character` a slash and a combining mark after it are one, to the system they are a separator and
    /// the beginning of a name.
    var pathParts: [String] {
        utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// What follows the first `count` bytes.
    func dropping(bytes count: Int) -> String { String(decoding: utf8.dropFirst(count), as: UTF8.self) }
}
