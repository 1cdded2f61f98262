import AntidoteCore

/// Makes changes of the engine's events: pure, but for remembering who ran out of memory.
struct ChangeReader: Sendable {
    static let actions = ["die", "oom", "destroy", "start"]

    private var outOfMemory: Set<String> = []
    private var died: Set<String> = []

    /// `nil` for an event that changes nothing for a lab.
    mutating func change(for event: EventMessage) -> TopologyChange? {
        let labels = event.actor.attributes
        guard event.type == "container", labels[Label.role] == Role.endpoint.rawValue,
            let topology = TopologyID(labels: labels), let endpoint = labels[Label.endpoint]
        else { return nil }
        let container = event.actor.id
        switch event.action {
        case "oom":
            outOfMemory.insert(container)
            return nil
        case "die":
            let status = labels["exitCode"] ?? "?"
            let ranOut = outOfMemory.remove(container) != nil
            if labels[Label.completes] == "true", status == "0" { return nil }
            died.insert(container)
            let detail = ranOut ? "out of memory" : status == "137" ? "killed" : "exit status \(status)"
            return TopologyChange(topology: topology, endpoint: endpoint, kind: .died, detail: detail)
        case "start":
            // A first start is ours and no news.
            guard died.remove(container) != nil else { return nil }
            return TopologyChange(topology: topology, endpoint: endpoint, kind: .restarted, detail: "started again")
        case "destroy":
            died.remove(container)
            return TopologyChange(topology: topology, endpoint: endpoint, kind: .missing, detail: "removed")
        default:
            return nil
        }
    }
}
