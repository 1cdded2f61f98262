import AntidoteCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A folder in which a fake provider keeps what exists, so that several processes share it and it outlives them: a file
/// a topology, each replaced as a whole, and one that whoever changes something has locked.
struct FakeDirectory: Sendable {
    private let path: String

    /// Makes the folder where there is none. Throws `configurationInvalid` where that is not possible.
    init(_ path: String) throws {
        self.path = path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw AntidoteError(
                .configurationInvalid,
                "the fake backend's folder cannot be made",
                advice: "Name one in fakeDirectory that this user may write to.",
                place: path,
                cause: error
            )
        }
    }

    /// Nobody else changes anything meanwhile, in whatever process.
    func withLock<Result>(_ body: () throws -> Result) throws -> Result {
        let lock = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw failure("its lock cannot be opened") }
        // Closing lets go of it, and so does dying.
        defer { close(lock) }
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else { throw failure("it cannot be locked") }
        }
        return try body()
    }

    /// All topologies of `environments`; `nil`: of all there are.
    func read(_ environments: Set<EnvironmentID>?) throws -> [FakeTopology] {
        let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { name in
            guard name.hasSuffix(".json") else { return false }
            return environments.map { $0.contains { name.hasPrefix("\($0).") } } ?? true
        }
        return try names.sorted().map { name in
            try JSONDecoder().decode(FakeTopology.self, from: Data(contentsOf: URL(filePath: "\(path)/\(name)")))
        }
    }

    func write(_ topology: FakeTopology) throws {
        try JSONEncoder().encode(topology).write(to: URL(filePath: file(of: topology.id)), options: .atomic)
    }

    func remove(_ id: TopologyID) { unlink(file(of: id)) }

    private func file(of id: TopologyID) -> String {
        "\(path)/\(id.environment).\(id.incarnation).\(id.instance).\(id.store).json"
    }

    private func failure(_ what: String) -> AntidoteError {
        AntidoteError(
            .backendUnavailable,
            "\(what): \(String(cString: strerror(errno)))",
            advice: "See that the fake backend's folder is there, and that this user may write to it.",
            place: path
        )
    }
}
