/// Files that an endpoint or a job finds in its lab directory: a value with a digest, cheap to share and compare.
public struct FileSet: Sendable, Hashable, Encodable {
    /// Sorted by path, no path twice.
    public let entries: [File]
    /// The same for the same files, whatever order they were given in.
    public let digest: ContentDigest

    /// No files.
    public static let empty = FileSet(sorted: [])

    /// One file below the lab directory.
    public struct File: Sendable, Hashable {
        /// Relative, with “/” between its parts, without “.”, “..” or empty parts.
        public var path: String
        /// Permission bits, such as 0o644.
        public var mode: UInt16
        /// The bytes.
        public var contents: [UInt8]

        public init(path: String, mode: UInt16 = 0o644, contents: [UInt8]) {
            self.path = path
            self.mode = mode
            self.contents = contents
        }
    }

    /// Throws `invalidTopology` for a path that is absolute, climbs out or comes twice.
    public init(_ files: [File]) throws {
        let sorted = files.sorted { $0.path < $1.path }
        for (index, file) in sorted.enumerated() {
            guard FileSet.isSafe(path: file.path) else {
                throw AntidoteError(
                    .invalidTopology,
                    "the file path “\(file.path.prefix(200))” is not a plain relative path",
                    recovery: "Use names joined by “/”, without “.”, “..” or a leading “/”."
                )
            }
            if index > 0, sorted[index - 1].path == file.path {
                throw AntidoteError(.invalidTopology, "the file “\(file.path.prefix(200))” comes twice")
            }
        }
        let paths = Set(sorted.map(\.path))
        for file in sorted {
            for (index, character) in zip(file.path.indices, file.path)
            where character == "/" && paths.contains(String(file.path[..<index])) {
                throw AntidoteError(
                    .invalidTopology,
                    "“\(file.path[..<index].prefix(200))” is a file and a directory",
                    recovery: "Rename one of them."
                )
            }
        }
        self.init(sorted: sorted)
    }

    /// Bytes of all contents together.
    package var size: Int { entries.reduce(0) { $0 + $1.contents.count } }

    /// The files that `keep` agrees to.
    package func filter(_ keep: (String) -> Bool) -> FileSet {
        FileSet(sorted: entries.filter { keep($0.path) })
    }

    private init(sorted: [File]) {
        entries = sorted
        var hasher = DigestBuilder()
        for file in sorted {
            hasher.add(file.path)
            hasher.add(UInt64(file.mode))
            hasher.add(file.contents)
        }
        digest = hasher.finish()
    }

    public static func == (left: FileSet, right: FileSet) -> Bool { left.digest == right.digest }
    public func hash(into hasher: inout Hasher) { hasher.combine(digest) }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(digest)
    }

    private static func isSafe(path: String) -> Bool {
        guard !path.isEmpty, path.utf8.count <= 1024, !path.utf8.contains(0) else { return false }
        // By bytes: to `Character` a slash and a combining mark after it are one, and “..” before them goes unseen.
        return path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy {
            !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) && $0.count <= 255
        }
    }
}
