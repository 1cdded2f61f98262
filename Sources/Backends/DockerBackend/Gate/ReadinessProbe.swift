import AntidoteCore
import Synchronization

/// Waits until the ports of one endpoint are ready, asked from inside the lab.
struct ReadinessProbe: Sendable {
    let engine: DockerEngine
    let endpoint: Endpoint
    let container: String
    let gate: String
    private let passed = PassedPorts()

    init(engine: DockerEngine, endpoint: Endpoint, container: String, gate: String) {
        self.engine = engine
        self.endpoint = endpoint
        self.container = container
        self.gate = gate
    }

    func run() async throws {
        let limit = engine.configuration.endpointDeadline
        do {
            try await engine.configuration.time.withDeadline(limit, onTimeout: notReady) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await probeFromGate() }
                    for port in endpoint.ports {
                        guard case .exec(let command) = port.probe else { continue }
                        group.addTask { try await probe(port, with: command) }
                    }
                    try await group.waitForAll()
                }
            }
        } catch var error as AntidoteError where error.code == .endpointNotReady && error.logTail == nil {
            error.logTail = try? await engine.lastOutput(of: endpoint, container: container)
            throw error
        }
    }

    private func probeFromGate() async throws {
        guard let script = ProbeScript(endpoint) else { return }
        let deadline = engine.configuration.endpointDeadline
        let status = try await engine.client.run(script.command(deadline: deadline), in: gate) { line in
            if let index = Int(line), script.ports.indices.contains(index) { passed.add(script.ports[index].number) }
        }
        // It only ends well when every port has answered, whatever was read of what it said.
        if status == 0 || script.ports.allSatisfy({ passed.has($0.number) }) { return }
        // The script ends early only with its container; what is read of it, with the engine.
        guard try await engine.client.container(gate).state.isAlive else {
            throw AntidoteError(
                .backendUnavailable,
                "the lab's gate ended while the ports were asked for",
                recovery: "Somebody removed it, or the engine was stopped: try again.",
                subject: endpoint.name
            )
        }
        guard status != nil else {
            throw AntidoteError(
                .backendUnavailable,
                "the engine stopped telling which ports answer",
                recovery: "It may be restarting: try again.",
                subject: endpoint.name
            )
        }
        throw notReady
    }

    /// The engine has no way to wait for a command to succeed: it is run again until it does.
    private func probe(_ port: Topology.Port, with command: [String]) async throws {
        while try await engine.client.run(command, in: container) != 0 {
            try await engine.configuration.time.sleep(.milliseconds(500))
        }
        passed.add(port.number)
    }

    private var notReady: AntidoteError {
        let missing = endpoint.ports.filter { $0.probe != nil && !passed.has($0.number) }.map { String($0.number) }
        let ports = missing.joined(separator: ", ")
        return AntidoteError(
            .endpointNotReady,
            "it runs, but its port \(ports) did not answer within \(engine.configuration.endpointDeadline)",
            recovery: "Check that the image starts what listens there; its last output may say more.",
            subject: endpoint.name
        )
    }
}

private final class PassedPorts: Sendable {
    private let numbers = Mutex<Set<Int>>([])

    func add(_ number: Int) { numbers.withLock { _ = $0.insert(number) } }
    func has(_ number: Int) -> Bool { numbers.withLock { $0.contains(number) } }
}
