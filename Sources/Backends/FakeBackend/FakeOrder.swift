import AntidoteCore

/// Which endpoints may be started, given those that are up. Whatever a dependency demands (started, ready, completed),
/// a fake endpoint has come that far when it is reachable.
struct FakeOrder {
    private var waiting: [Endpoint]

    init(_ endpoints: [Endpoint]) { waiting = endpoints }

    /// Each is given out once. Something always is as long as nothing is under way: circles were refused before.
    mutating func takeStartable(after up: Set<String>) -> [Endpoint] {
        let startable = waiting.filter { $0.dependsOn.allSatisfy { up.contains($0.endpoint) } }
        let names = Set(startable.map(\.name))
        waiting.removeAll { names.contains($0.name) }
        return startable
    }
}
