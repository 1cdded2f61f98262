import AntidoteCore
import Synchronization

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
/// a topology, and one that whoever changes something has locked.
///
/// It outlives processes, not machines: nothing here waits for a disk.
final class FakeDirectory: Sendable {
    private let path: String
    private let lock: Int32
    private let memory = Mutex(Memory())

    /// What files were found to hold, for as long as they are the same.
    private struct Memory {
        var topologies: [String: (stamp: FakeFileStamp, topology: FakeTopology)] = [:]
        var entries: [String: (stamp: FakeFileStamp, madeAt: Timestamp, entry: InventoryEntry)] = [:]

        /// Of what is worked on now; the rest is read again.
        mutating func remember(_ topology: FakeTopology, _ stamp: FakeFileStamp, as name: String) {
            if topologies.count >= 1024, topologies[name] == nil { topologies = [:] }
            topologies[name] = (stamp, topology)
        }
    }

    /// Makes the folder where there is none. Throws `configurationInvalid` where that is not possible.
    init(_ path: String) throws {
        self.path = path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw Self.unusable(path, error)
        }
        lock = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw Self.unusable(path, nil) }
    }

    deinit { close(lock) }

    /// What this process has read or written lately.
    var remembered: [FakeTopology] { memory.withLock { $0.topologies.values.map(\.topology) } }

    /// One topology, as it is now.
    func topology(_ id: TopologyID) throws -> FakeTopology? {
        try memory.withLock { memory in try withLock { try read(id, &memory) } }
    }

    /// Changes a topology, or makes one of nothing; nobody else changes anything meanwhile, in whatever process.
    func change<Result: Sendable>(_ id: TopologyID, _ body: (inout FakeTopology?) throws -> Result) throws -> Result {
        try memory.withLock { memory in
            try withLock {
                let before = try read(id, &memory)
                var topology = before
                let result = try body(&topology)
                guard topology != before else { return result }
                let name = name(of: id)
                if let topology {
                    memory.remember(topology, try write(topology, as: name), as: name)
                } else {
                    unlink("\(path)/\(name)")
                }
                return result
            }
        }
    }

    /// Removes a topology and what came before it.
    func remove(through id: TopologyID) throws {
        try memory.withLock { memory in
            try withLock {
                var names = (1...max(1, min(id.incarnation, 32))).map { incarnation in
                    var other = id
                    other.incarnation = incarnation
                    return name(of: other)
                }
                if id.incarnation > 32 {
                    let suffix = ".\(id.instance).\(id.store).json"
                    names = try self.names().filter {
                        let parts = $0.split(separator: ".", maxSplits: 2)
                        return parts.count > 2 && parts[0] == id.environment.rawValue && $0.hasSuffix(suffix)
                            && Int(parts[1]).map { $0 <= id.incarnation } ?? false
                    }
                }
                for name in names {
                    unlink("\(path)/\(name)")
                    memory.topologies[name] = nil
                }
            }
        }
    }

    /// How many topologies there are.
    func count() throws -> Int { try names().count }

    /// What exists. Only what changed since the last time is read.
    func inventory(at now: Timestamp) throws -> [InventoryEntry] {
        // What a file is replaced by may be missing in a list that is made at the same time.
        let names = try memory.withLock { _ in try withLock { try self.names() } }
        return try memory.withLock { memory in
            let known = memory.entries
            memory.entries = [:]
            for name in names {
                guard let stamp = FakeFileStamp(of: "\(path)/\(name)") else { continue }
                if let entry = known[name], entry.stamp == stamp {
                    memory.entries[name] = entry
                } else if let topology = try withLock({ try load(name) }) {
                    memory.entries[name] = (stamp, topology.madeAt, topology.entry(at: now))
                }
            }
            return memory.entries.values.map { known in
                var entry = known.entry
                entry.age = now - known.madeAt
                return entry
            }
        }
    }
}

// MARK: - Files

extension FakeDirectory {
    private func withLock<Result>(_ body: () throws -> Result) throws -> Result {
        // Dying lets go of it as well.
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else { throw failure("it cannot be locked") }
        }
        defer { flock(lock, LOCK_UN) }
        return try body()
    }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".json") }
    }

    private func name(of id: TopologyID) -> String {
        "\(id.environment).\(id.incarnation).\(id.instance).\(id.store).json"
    }

    /// What a machine was started from is known only to the process that did it.
    private func read(_ id: TopologyID, _ memory: inout Memory) throws -> FakeTopology? {
        let name = name(of: id)
        guard let stamp = FakeFileStamp(of: "\(path)/\(name)") else {
            memory.topologies[name] = nil
            return nil
        }
        let known = memory.topologies[name]
        if let known, known.stamp == stamp { return known.topology }
        guard var topology = try load(name) else { return nil }
        for (name, endpoint) in known?.topology.endpoints ?? [:]
        where topology.endpoints[name]?.identity == endpoint.identity {
            topology.endpoints[name]?.specification = endpoint.specification
        }
        memory.remember(topology, stamp, as: name)
        return topology
    }

    /// `nil`: it is gone.
    private func load(_ name: String) throws -> FakeTopology? {
        do {
            return try JSONDecoder().decode(
                FakeTopology.self,
                from: Data(contentsOf: URL(filePath: "\(path)/\(name)"))
            )
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
            return nil
        }
    }

    /// Whoever dies in the middle of it leaves the old one: what fits into a page is written whole or not at all, and the
    /// rest is put in its place. A file that is written over grows, so that it is never taken for what it was.
    private func write(_ topology: FakeTopology, as name: String) throws -> FakeFileStamp {
        var data = try JSONEncoder().encode(topology)
        let known = FakeFileStamp(of: "\(path)/\(name)")
        let size = (known?.size ?? -1) + 1
        if data.count < size { data.append(Data(repeating: 0x20, count: size - data.count)) }
        let isInPlace = known != nil && data.count <= 4096
        // Only who has the lock writes.
        let target = isInPlace ? "\(path)/\(name)" : "\(path)/new"
        let file = open(target, O_WRONLY | O_CREAT | (isInPlace ? 0 : O_TRUNC) | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("a file cannot be made") }
        let count = data.withUnsafeBytes { systemWrite(file, $0) }
        close(file)
        guard count == data.count, isInPlace || rename(target, "\(path)/\(name)") == 0,
            let stamp = FakeFileStamp(of: "\(path)/\(name)")
        else { throw failure("a file cannot be written") }
        return stamp
    }

    private func systemWrite(_ file: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Darwin)
        Darwin.write(file, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
        Musl.write(file, bytes.baseAddress, bytes.count)
        #else
        Glibc.write(file, bytes.baseAddress, bytes.count)
        #endif
    }

    private static func unusable(_ path: String, _ cause: (any Error)?) -> AntidoteError {
        AntidoteError(
            .configurationInvalid,
            "the fake backend's folder cannot be made",
            recovery: "Name one in fakeDirectory that this user may write to.",
            subject: path,
            cause: cause
        )
    }

    private func failure(_ what: String) -> AntidoteError {
        AntidoteError(
            .backendUnavailable,
            "\(what): \(String(cString: strerror(errno)))",
            recovery: "See that the fake backend's folder is there, and that this user may write to it.",
            subject: path
        )
    }
}
