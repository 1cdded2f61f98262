#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A curriculum's directory, out of which no path leads.
///
/// Every path is opened part by part, and no part may be a symbolic link: a link that is exchanged while the curriculum
/// is being read opens nothing. What is opened is never waited for (a pipe) and is read only if it is a regular file.
struct CurriculumDirectory {
    /// Absolute, without symbolic links.
    let path: String

    init(_ directory: String) throws(FileFault) {
        path = try CurriculumDirectory.resolve(directory)
        _ = try open("", directory: true)
    }

    /// Opens what is at `relative`; "" is the curriculum itself.
    func open(_ relative: String, directory: Bool) throws(FileFault) -> Descriptor {
        let parts = relative.pathParts
        guard parts.allSatisfy({ $0 != ".." && $0 != "." && !$0.utf8.contains(0) }) else { throw .outside }
        var current = try open(path, in: AT_FDCWD, directory: directory || !parts.isEmpty)
        for (index, part) in parts.enumerated() {
            current = try open(part, in: current.raw, directory: directory || index < parts.count - 1)
        }
        return current
    }

    /// The bytes of the regular file at `relative`, if they are at most `limit`.
    func read(_ relative: String, limit: Int) throws(FileFault) -> [UInt8] {
        let file = try open(relative, directory: false)
        guard let status = file.status() else { throw .unreadable(CurriculumDirectory.lastError()) }
        switch status.kind {
        case .regular: break
        case .special: throw .special
        case .directory, .link: throw .notAFile
        }
        guard status.size <= limit else { throw .tooLarge(limit: limit) }
        return try CurriculumDirectory.read(file, expecting: status.size, limit: limit)
    }

    /// Where the symbolic link at `relative` leads: a path of a regular file in this directory.
    func target(ofLink relative: String) throws(FileFault) -> (path: String, status: FileStatus) {
        let resolved: String
        do {
            resolved = try CurriculumDirectory.resolve(path + "/" + relative)
        } catch .missing {
            throw .broken
        }
        let prefix = path == "/" ? "/" : path + "/"
        guard resolved.utf8.starts(with: prefix.utf8) else { throw resolved == path ? .notAFile : .outside }
        let inside = resolved.dropping(bytes: prefix.utf8.count)
        // A repository's own files may hold credentials: they are none of the lesson's.
        guard !inside.pathParts.contains(".git") else { throw .outside }
        let file = try open(inside, directory: false)
        guard let status = file.status() else { throw .unreadable(CurriculumDirectory.lastError()) }
        switch status.kind {
        case .regular: return (inside, status)
        case .special: throw .special
        case .directory, .link: throw .notAFile
        }
    }

    private func open(_ name: String, in parent: Int32, directory: Bool) throws(FileFault) -> Descriptor {
        let flags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | (directory ? O_DIRECTORY : 0)
        let raw = openat(parent, name, flags)
        guard raw >= 0 else {
            switch errno {
            case ENOENT: throw .missing
            case ELOOP, ENOTDIR: throw .notAFile
            case ENXIO, ENODEV: throw .special
            default: throw .unreadable(CurriculumDirectory.lastError())
            }
        }
        return Descriptor(adopting: raw)
    }

    private static func read(
        _ file: borrowing Descriptor,
        expecting size: Int,
        limit: Int
    ) throws(FileFault) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        var buffer = [UInt8](repeating: 0, count: min(max(size + 1, 4096), 1 << 16))
        while true {
            #if canImport(Darwin)
            let count = Darwin.read(file.raw, &buffer, buffer.count)
            #elseif canImport(Glibc)
            let count = Glibc.read(file.raw, &buffer, buffer.count)
            #elseif canImport(Musl)
            let count = Musl.read(file.raw, &buffer, buffer.count)
            #endif
            if count < 0 {
                if errno == EINTR { continue }
                throw .unreadable(lastError())
            }
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer[..<count])
            // It may have grown since its size was asked.
            guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
        }
    }

    private static func resolve(_ path: String) throws(FileFault) -> String {
        guard !path.utf8.contains(0), let resolved = realpath(path, nil) else {
            switch errno {
            case ENOENT, ENOTDIR: throw .missing
            case ELOOP: throw .broken
            default: throw .unreadable(lastError())
            }
        }
        defer { free(resolved) }
        guard let text = String(validatingCString: resolved) else { throw .unreadable("its path is not UTF-8") }
        return text
    }

    private static func lastError() -> String { String(cString: strerror(errno)) }
}
