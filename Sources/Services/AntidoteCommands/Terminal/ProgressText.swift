import AntidoteCore

/// Progress in words.
struct ProgressText {
    let endpoints: [String]

    /// One line for each endpoint, in lesson order.
    func lines(_ snapshot: ProgressSnapshot) -> [String] {
        let width = endpoints.map(\.count).max() ?? 0
        return endpoints.map { name in
            "  \(name.padded(to: width))  \(ProgressText.words(snapshot.endpoints[name] ?? .waiting))"
        }
    }

    static func words(_ progress: EndpointProgress) -> String {
        switch progress {
        case .waiting: "waiting"
        case .pulling(let done, let total?): "pulling  \(megabytes(done)) of \(megabytes(total)) MB"
        case .pulling(let done, nil): "pulling  \(megabytes(done)) MB"
        case .starting: "starting"
        case .running: "running"
        case .reachable: "reachable"
        case .configuring: "configuring"
        case .configured: "configured"
        case .restarting(let reason): "restarting: \(reason)"
        }
    }

    /// The kind of progress without its numbers, so that a log gets no new line while only they change.
    static func kind(_ progress: EndpointProgress) -> String {
        switch progress {
        case .pulling: "pulling"
        default: words(progress)
        }
    }

    private static func megabytes(_ bytes: Int64) -> String {
        let tenths = bytes * 10 / 1_000_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
