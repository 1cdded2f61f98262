import AntidoteCore

/// What the gate runs to find out when an endpoint's ports are ready: it prints the number of each as it passes.
///
/// From inside the lab, since a published port accepts connections with nobody behind it.
struct ProbeScript: Sendable, Hashable {
    /// Line `n` of the output is about `ports[n]`.
    let ports: [Topology.Port]
    private let endpoint: String

    /// `nil` if the endpoint has nothing to be probed over the network.
    init?(_ endpoint: Endpoint) {
        self.endpoint = endpoint.name
        ports = endpoint.ports.filter { port in
            switch port.probe {
            case .none, .exec: false
            case .tcp, .sshBanner, .http: true
            }
        }
        if ports.isEmpty { return nil }
    }

    /// Ends by itself after `deadline`, because nobody can end it from outside.
    func command(deadline: Duration) -> [String] {
        let loops = ports.enumerated().map { index, port in
            "(until \(test(port)); do sleep 0.1; done; echo \(index)) &"
        }
        let seconds = max(1, Int(deadline.inSeconds.rounded(.up)))
        return ["timeout", String(seconds), "/bin/sh", "-c", loops.joined(separator: "\n") + "\nwait"]
    }

    private func test(_ port: Topology.Port) -> String {
        let target = "TCP4:\(endpoint):\(port.number),connect-timeout=2"
        switch port.probe {
        case .none, .exec, .tcp:
            return "socat -u /dev/null \(target) 2>/dev/null"
        case .sshBanner:
            return "[ \"$(socat -T 5 -u \(target),readbytes=4 - 2>/dev/null)\" = SSH- ]"
        case .http(let path):
            let request = Self.quoted("GET \(path) HTTP/1.0\\r\\nHost: \(endpoint)\\r\\nConnection: close\\r\\n\\r\\n")
            let answer = "printf %b \(request) | socat -t 5 -T 5 - \(target) 2>/dev/null | head -n 1"
            return "\(answer) | grep -q '^HTTP/1\\.[0-9] [1-4][0-9][0-9]'"
        }
    }

    /// Between single quotes a shell reads everything as it is.
    static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
