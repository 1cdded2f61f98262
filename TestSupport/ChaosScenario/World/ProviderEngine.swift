import Foundation
import HostPrograms

/// A Docker Engine, looked at with the `docker` command by what its containers and networks are labelled with.
struct ProviderEngine: Provider {
    private let host: String
    /// Whose labs are looked at. Others may use the engine too.
    private let instance: String

    init(socket: String, instance: String) {
        host = "unix://\(socket)"
        self.instance = instance
    }

    func settings(isInstant: Bool) -> String {
        """
        backend: docker
        dockerHost: \(host)
        """
    }

    var image: String { "workstation" }
    var mayFail: Bool { true }
    var pause: Duration { .seconds(1) }

    func sample(at time: () -> Double) async -> ProviderSample? {
        let labels = ["environment", "incarnation", "instance", "store"].map { "{{.Label \"labs.antidote.\($0)\"}}" }
        let format = labels.joined(separator: " ")
        let filter = ["--filter", "label=labs.antidote.environment", "--format", format]
        guard let containers = try? await docker(["container", "ls", "--all"] + filter),
            let networks = try? await docker(["network", "ls"] + filter)
        else { return nil }
        let entries = (containers + "\n" + networks).split(separator: "\n").compactMap(Self.entry)
        let own = Set(entries.filter { [instance, stranger].contains($0.instance) })
        return ProviderSample(time: time(), entries: own)
    }

    func plant(instance: String?, store: String?) async throws -> ProviderEntry? {
        guard let model = await sample(at: { 0 })?.entries.first(where: { $0.instance == self.instance }) else {
            return nil
        }
        let ids = try await docker([
            "network", "ls", "--quiet", "--filter", "label=labs.antidote.environment=\(model.environment)",
        ])
        guard let id = ids.split(separator: "\n").first,
            let text = try? await docker(["network", "inspect", "--format", "{{json .Labels}}", String(id)]),
            var labels = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))
        else { return nil }
        let planted = ProviderEntry(
            environment: model.environment,
            incarnation: model.incarnation,
            instance: instance == nil ? model.instance : stranger,
            store: store ?? model.store
        )
        labels["labs.antidote.instance"] = planted.instance
        labels["labs.antidote.store"] = planted.store
        let arguments = labels.sorted { $0.key < $1.key }.flatMap { ["--label", "\($0.key)=\($0.value)"] }
        _ = try await docker(["network", "create"] + arguments + ["planted-\(planted.instance)-\(planted.store)"])
        return planted
    }

    func end() async {
        for name in [instance, stranger] {
            let filter = ["--quiet", "--filter", "label=labs.antidote.instance=\(name)"]
            await remove(["container", "ls", "--all"] + filter, with: ["container", "rm", "--force", "--volumes"])
            await remove(["network", "ls"] + filter, with: ["network", "rm"])
        }
    }

    private var stranger: String { "\(instance)s" }

    private func remove(_ list: [String], with command: [String]) async {
        let ids = (try? await docker(list))?.split(separator: "\n").map(String.init) ?? []
        if !ids.isEmpty { _ = try? await docker(command + ids) }
    }

    private func docker(_ arguments: [String]) async throws -> String {
        try await Finished.output(of: "docker", ["--host", host] + arguments)
    }

    private static func entry(_ line: Substring) -> ProviderEntry? {
        let parts = line.split(separator: " ").map(String.init)
        guard parts.count == 4, let incarnation = Int(parts[1]) else { return nil }
        return ProviderEntry(environment: parts[0], incarnation: incarnation, instance: parts[2], store: parts[3])
    }
}
