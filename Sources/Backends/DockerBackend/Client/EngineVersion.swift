import AntidoteCore

/// A version of the Engine's API, such as 1.41.
struct EngineVersion: Sendable, Hashable, Comparable {
    var major: Int
    var minor: Int

    /// The oldest that this backend speaks.
    static let oldest = EngineVersion(major: 1, minor: 41)

    init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]) else { return nil }
        self.init(major: major, minor: minor)
    }

    var path: String { "v\(major).\(minor)" }

    static func < (left: EngineVersion, right: EngineVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }

    /// The oldest version that both sides speak: it is the one whose behaviour is known best.
    static func choose(from versions: EngineVersions) throws -> EngineVersion {
        guard let newest = EngineVersion(versions.newest) else {
            throw AntidoteError(
                .backendRefused,
                "the engine names no version of its API that makes sense",
                advice: "Check that the address is a Docker Engine's."
            )
        }
        guard newest >= oldest else {
            throw AntidoteError(
                .backendRefused,
                "the engine speaks version \(newest.major).\(newest.minor) of the Docker API, which is too old",
                advice: "Use Docker Engine 20.10 or newer."
            )
        }
        return max(oldest, versions.oldest.flatMap { EngineVersion($0) } ?? oldest)
    }
}
