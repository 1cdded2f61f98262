import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The folder in which the fake backend keeps what exists, looked at by its file names alone.
package struct ProviderFolder: Sendable {
    package let path: String

    package init(path: String) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// What is there at one moment; `nil` while somebody changes it.
    package func sample(at time: () -> Double) -> ProviderSample? {
        let lock = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { return nil }
        defer { close(lock) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0,
            let names = try? FileManager.default.contentsOfDirectory(atPath: path)
        else { return nil }
        return ProviderSample(time: time(), entries: Set(names.compactMap(Self.entry)))
    }

    /// Copies what is there of somebody as something of somebody else. Returns what, or `nil` while there is nothing.
    func plant(instance: String?, store: String?) throws -> ProviderEntry? {
        guard let model = sample(at: { 0 })?.entries.first,
            let text = try? String(contentsOfFile: file(of: model), encoding: .utf8)
        else { return nil }
        let stranger = ProviderEntry(
            environment: model.environment,
            incarnation: model.incarnation,
            instance: instance ?? model.instance,
            store: store ?? model.store
        )
        let changed = text.replacingOccurrences(of: "\"\(model.instance)\"", with: "\"\(stranger.instance)\"")
            .replacingOccurrences(of: "\"\(model.store)\"", with: "\"\(stranger.store)\"")
        try changed.write(toFile: file(of: stranger), atomically: true, encoding: .utf8)
        return stranger
    }

    private func file(of entry: ProviderEntry) -> String {
        "\(path)/\(entry.environment).\(entry.incarnation).\(entry.instance).\(entry.store).json"
    }

    private static func entry(_ name: String) -> ProviderEntry? {
        let parts = name.split(separator: ".").map(String.init)
        guard parts.count == 5, parts[4] == "json", let incarnation = Int(parts[1]) else { return nil }
        return ProviderEntry(environment: parts[0], incarnation: incarnation, instance: parts[2], store: parts[3])
    }
}
