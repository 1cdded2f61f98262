import AntidoteCore

/// Which endpoint may be started when: a value that is told what has happened.
struct LaunchSchedule: Sendable {
    private var waiting: [String: [Dependency]]
    private var reached: Set<Reached> = []
    private let names: [String]

    private struct Reached: Hashable {
        var endpoint: String
        var condition: Dependency.Condition
    }

    init(_ endpoints: [Endpoint]) {
        names = endpoints.map(\.name)
        waiting = Dictionary(endpoints.map { ($0.name, $0.dependsOn) }, uniquingKeysWith: { $1 })
    }

    /// The endpoints whose dependencies are met now, each given out once, in the topology's order.
    mutating func takeLaunchable() -> [String] {
        let free = names.filter { name in
            waiting[name]?.allSatisfy { has($0.endpoint, $0.condition) } ?? false
        }
        for name in free { waiting[name] = nil }
        return free
    }

    mutating func reach(_ endpoint: String, _ condition: Dependency.Condition) {
        reached.insert(Reached(endpoint: endpoint, condition: condition))
    }

    /// Whether every endpoint is ready, or was and has ended.
    var isDone: Bool {
        waiting.isEmpty && names.allSatisfy { has($0, .ready) || has($0, .completed) }
    }

    /// What has ended well has been started and was ready, too.
    private func has(_ endpoint: String, _ condition: Dependency.Condition) -> Bool {
        reached.contains(Reached(endpoint: endpoint, condition: condition))
            || condition != .completed && reached.contains(Reached(endpoint: endpoint, condition: .completed))
    }
}
