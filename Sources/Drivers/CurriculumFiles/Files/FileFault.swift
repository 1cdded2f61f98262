/// Why a file of a curriculum cannot be had.
enum FileFault: Error, Hashable {
    case missing
    /// With the system's word for it.
    case unreadable(String)
    case special
    case tooLarge(limit: Int)
    /// A symbolic link that points to nothing, or in a circle.
    case broken
    /// A symbolic link that leaves the curriculum.
    case outside
    /// A directory where a file is needed, or a symbolic link on the way.
    case notAFile
}

extension FileFault {
    var rule: Rule {
        switch self {
        case .missing, .unreadable: .fileUnreadable
        case .special: .fileSpecial
        case .tooLarge: .fileTooLarge
        case .broken: .symlinkBroken
        case .outside: .symlinkOutside
        case .notAFile: .notAFile
        }
    }

    /// What is wrong with the file, as the rest of a sentence that begins with its name.
    var explanation: String {
        switch self {
        case .missing: "is not there"
        case .unreadable(let reason): "cannot be read: \(reason)"
        case .special: "is a pipe, a socket or a device"
        case .tooLarge(let limit): "is larger than \(limit) bytes"
        case .broken: "points to nothing, or in a circle"
        case .outside: "points out of the curriculum"
        case .notAFile: "is not, or does not point to, a regular file"
        }
    }
}
