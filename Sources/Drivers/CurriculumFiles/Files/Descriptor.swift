#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// An open file, closed when it goes.
struct Descriptor: ~Copyable {
    let raw: Int32

    init(adopting raw: Int32) { self.raw = raw }

    deinit { close(raw) }

    /// What the file is; `nil` when the system does not say.
    func status() -> FileStatus? {
        var status = stat()
        return fstat(raw, &status) == 0 ? FileStatus(status) : nil
    }

    /// The directory's entry `name` as it is, a symbolic link not followed.
    func status(of name: String) -> FileStatus? {
        var status = stat()
        return fstatat(raw, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? FileStatus(status) : nil
    }
}

/// What matters here of what the system says about a file.
struct FileStatus {
    enum Kind {
        case regular
        case directory
        case link
        case special
    }

    let kind: Kind
    let size: Int
    let isExecutable: Bool

    init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .regular
        case S_IFDIR: kind = .directory
        case S_IFLNK: kind = .link
        default: kind = .special
        }
        size = Int(status.st_size)
        isExecutable = status.st_mode & 0o111 != 0
    }
}
