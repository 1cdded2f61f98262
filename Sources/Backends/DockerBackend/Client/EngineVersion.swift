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
        // It takes the options that close a network for comments: from its networks the host is always reached.
        if let podman = versions.components?.first(where: { $0.name == "Podman Engine" }) {
            throw AntidoteError(
                .backendRefused,
                "the engine is Podman \(podman.version ?? "of no version"), which cannot keep a lab apart from its host",
                recovery: "Use Docker Engine 20.10 or newer, and say where it is with DOCKER_HOST."
            )
        }
        guard let newest = EngineVersion(versions.newest) else {
            throw AntidoteError(
                .backendRefused,
                "the engine names no version of its API that makes sense",
                recovery: "Check that the address is a Docker Engine's."
            )
        }
        guard newest >= oldest else {
            throw AntidoteError(
                .backendRefused,
                "the engine speaks version \(newest.major).\(newest.minor) of the Docker API, which is too old",
                recovery: "Use Docker Engine 20.10 or newer."
            )
        }
        return max(oldest, versions.oldest.flatMap { EngineVersion($0) } ?? oldest)
    }
}
