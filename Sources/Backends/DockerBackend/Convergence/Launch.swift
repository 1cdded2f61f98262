import AntidoteCore
import Synchronization

/// Starts the endpoints in the order of their dependencies, probes them, and fails at once when one dies.
struct Launch: Sendable {
    let converger: Converger
    let plan: LabPlan
    let networks: [LabNetwork: String]
    /// The endpoints' containers, by id, as far as they are known.
    private let containers = SharedContainers()

    init(converger: Converger, plan: LabPlan, networks: [LabNetwork: String]) {
        self.converger = converger
        self.plan = plan
        self.networks = networks
    }

    private enum News: Sendable {
        case gate(String)
        case started(String, String)
        case ready(String)
        case completed(String)
        case failed(any Error)
    }

    func run(watching events: EventStream) async throws -> ProvisionedTopology {
        let (news, sender) = AsyncStream.makeStream(of: News.self)
        // Each task says what it has reached; the one loop below decides what follows from it.
        return try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            @Sendable func tell(_ work: @escaping @Sendable () async throws -> News) async {
                do { sender.yield(try await work()) } catch { sender.yield(.failed(error)) }
            }
            group.addTask { await watch(events) { sender.yield($0) } }
            group.addTask {
                await tell { .gate(try await converger.bringUpGate(step: plan.gate, networks: networks)) }
            }
            var schedule = LaunchSchedule(converger.design.topology.endpoints)
            var running: [String: String] = [:]
            var gate: String?
            var unprobed: [String] = []
            func advance() {
                for name in schedule.takeLaunchable() {
                    group.addTask { await tell { .started(name, try await start(name)) } }
                }
                guard let gate else { return }
                for name in unprobed {
                    guard let container = running[name] else { continue }
                    group.addTask {
                        await tell {
                            try await probe(name, container: container, gate: gate)
                            return .ready(name)
                        }
                    }
                }
                unprobed = []
            }
            advance()
            for await item in news {
                switch item {
                case .gate(let id): gate = id
                case .started(let name, let container):
                    running[name] = container
                    schedule.reach(name, .started)
                    if case .completed = plan.endpoints[name] {
                        schedule.reach(name, .completed)
                    } else {
                        unprobed.append(name)
                    }
                case .ready(let name):
                    schedule.reach(name, .ready)
                    converger.progress.report(name, .reachable)
                case .completed(let name): schedule.reach(name, .completed)
                case .failed(let error): throw error
                }
                if schedule.isDone, let gate {
                    return try await provisioned(gate: gate, running: running)
                }
                advance()
            }
            // The stream only ends when this task is cancelled.
            throw CancellationError()
        }
    }

    private func start(_ name: String) async throws -> String {
        guard let design = design(of: name), let step = plan.endpoints[name] else {
            throw AntidoteError(.internalFault, "there is no plan for an endpoint", subject: name)
        }
        return try await converger.bringUp(design, step: step, networks: networks) { containers.add($0, name) }
    }

    private func design(of name: String) -> EndpointDesign? {
        converger.design.endpoints.first { $0.endpoint.name == name }
    }

    private func probe(_ name: String, container: String, gate: String) async throws {
        guard let endpoint = design(of: name)?.endpoint else { return }
        try await ReadinessProbe(engine: converger.engine, endpoint: endpoint, container: container, gate: gate).run()
    }

    /// Follows the engine's events: an endpoint that ends is a failure, unless it is meant to.
    private func watch(_ events: EventStream, _ report: @Sendable (News) -> Void) async {
        do {
            for try await event in events {
                guard let name = containers.name(of: event.actor.id), let design = design(of: name) else { continue }
                let status = event.actor.attributes["exitCode"].flatMap { Int($0) } ?? -1
                if design.isMeantToEnd, status == 0 {
                    report(.completed(name))
                } else if design.endpoint.restartPolicy == .never {
                    let death = EndpointDeath(id: event.actor.id, endpoint: design.endpoint)
                    report(.failed(try await death.error(at: converger.engine)))
                }
            }
        } catch {
            report(.failed(error))
        }
    }

    private func provisioned(gate: String, running: [String: String]) async throws -> ProvisionedTopology {
        let details = try await converger.client.container(gate)
        let host = converger.engine.configuration.reachableHost
        return ProvisionedTopology(
            id: converger.id,
            endpoints: converger.design.topology.endpoints.map { endpoint in
                let ports = endpoint.ports.map { port in
                    let exposure = converger.design.gate.exposures.first {
                        $0.endpoint == endpoint.name && $0.port == port.number && $0.transport == port.transport
                    }
                    let published = exposure.flatMap { exposure in
                        details.hostPort(of: exposure.gateKey).map {
                            let address = exposure.address == "0.0.0.0" ? "127.0.0.1" : exposure.address
                            return HostAddress(host: host ?? address, port: $0)
                        }
                    }
                    return ProvisionedPort(
                        number: port.number,
                        transport: port.transport,
                        inLab: HostAddress(host: endpoint.name, port: port.number),
                        forOwner: published,
                        forRouter: published
                    )
                }
                return ProvisionedEndpoint(
                    name: endpoint.name,
                    identity: running[endpoint.name] ?? "",
                    ports: ports
                )
            }
        )
    }
}

/// Which container is which endpoint, told by the tasks that make them and asked by the one that hears of deaths.
private final class SharedContainers: Sendable {
    private let names = Mutex<[String: String]>([:])

    func add(_ id: String, _ name: String) { names.withLock { $0[id] = name } }
    func name(of id: String) -> String? { names.withLock { $0[id] } }
}
