#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The names in one directory.
struct DirectoryListing {
    /// In the order of their bytes; those that no lab can use are left out.
    private(set) var names: [String] = []
    /// Those that are not UTF-8 or hold control characters, as far as they can be shown.
    private(set) var invalidNames: [String] = []
    /// Whether there are more names than were read.
    private(set) var isCut = false

    /// Reads at most `limit` names of `directory`, without those that editors and Git put there for themselves.
    init(_ directory: borrowing Descriptor, limit: Int) throws(FileFault) {
        // The stream closes the descriptor that it is given.
        let copy = fcntl(directory.raw, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw .unreadable(String(cString: strerror(errno))) }
        guard let stream = fdopendir(copy) else {
            close(copy)
            throw .unreadable(String(cString: strerror(errno)))
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            guard names.count + invalidNames.count < limit else {
                isCut = true
                break
            }
            add(bytes)
        }
        names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        invalidNames.sort()
    }

    private mutating func add(_ bytes: [UInt8]) {
        guard let name = String(validating: bytes, as: UTF8.self) else {
            invalidNames.append(String(decoding: bytes, as: UTF8.self))
            return
        }
        if name == "." || name == ".." || name == ".git" || name.hasPrefix(".#") { return }
        if name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            invalidNames.append(name)
        } else {
            names.append(name)
        }
    }
}
