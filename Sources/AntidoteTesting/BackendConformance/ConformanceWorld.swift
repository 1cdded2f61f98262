@_spi(StoreKit) import AntidoteCore
import Synchronization

/// What one case works with: an installation of its own, a backend, and the means to build labs and to ask in them.
final class ConformanceWorld: Sendable {
    let subject: any ConformanceSubject
    let installation: ConformanceInstallation
    let backend: any AntidoteBackend
    let time: TimeSource
    private let random: RandomSource
    private let jobs = Mutex(0)
    /// All installations that this case has built something for.
    private let others = Mutex<[ConformanceInstallation]>([])

    init(
        _ subject: any ConformanceSubject,
        _ installation: ConformanceInstallation,
        time: TimeSource,
        random: RandomSource
    ) async throws {
        self.subject = subject
        self.installation = installation
        self.time = time
        self.random = random
        backend = try await subject.backend(for: installation)
    }

    // MARK: What a case builds

    func newID(incarnation: Int = 1) -> TopologyID {
        TopologyID(
            instance: installation.instance,
            store: installation.store,
            environment: random.environmentID(),
            incarnation: incarnation
        )
    }

    /// A machine that answers questions, and plays `roles`.
    func machine(_ name: String, _ roles: LabRole..., ports: [Topology.Port] = []) throws -> Endpoint {
        try machine(name, roles: roles, ports: ports)
    }

    func machine(_ name: String, roles: [LabRole], ports: [Topology.Port] = []) throws -> Endpoint {
        let agent = Topology.Port(LabRole.agentPort, probe: .tcp)
        return Endpoint(
            name: name,
            image: subject.tools,
            command: LabScript.command(in: "/antidote", ["play"]),
            arguments: ([.agent(LabRole.agentPort)] + roles).map(\.word),
            environment: ["LAB_NAME": .plain(name)],
            files: try LabScript.files(),
            limits: ResourceLimits(memoryBytes: 64 << 20, pids: 100),
            ports: [agent] + ports
        )
    }

    /// A machine with a web server on port 80, which is waited for.
    func web(_ name: String) throws -> Endpoint {
        try machine(name, .web(80), ports: [Topology.Port(80, probe: .http(path: "/"))])
    }

    @discardableResult
    func build(_ topology: Topology, with backend: (any AntidoteBackend)? = nil) async throws -> ProvisionedTopology {
        try await (backend ?? self.backend).converge(topology, under: .unlimited, progress: .none)
    }

    /// A new lab of these machines.
    @discardableResult
    func lab(_ endpoints: Endpoint...) async throws -> Topology {
        let topology = Topology(id: newID(), endpoints: endpoints)
        try await build(topology)
        return topology
    }

    func destroy(_ id: TopologyID, with backend: (any AntidoteBackend)? = nil) async throws {
        try await (backend ?? self.backend).destroy(id, under: .unlimited)
    }

    /// Another installation's backend: what it makes is removed in the end as well.
    func backend(_ change: (inout ConformanceInstallation) -> Void) async throws -> any AntidoteBackend {
        var installation = installation
        change(&installation)
        others.withLock { $0.append(installation) }
        return try await subject.backend(for: installation)
    }

    /// A copy of the same backend, as another process would have it.
    func anotherProcess() async throws -> any AntidoteBackend { try await subject.backend(for: installation) }

    func newInstance() -> InstanceID { InstanceID(unchecked: "d" + random.base32(length: 9)) }
    func newStore() -> StoreID { random.storeID() }

    // MARK: What a case asks

    func job(_ question: LabQuestion, directory: String = "/antidote", deadline: Duration = .seconds(60)) throws -> Job
    {
        let number = jobs.withLock { count in
            count += 1
            return count
        }
        return Job(
            id: try JobID(validating: "ask-\(number)"),
            image: subject.tools,
            command: LabScript.command(in: directory, question.words),
            files: try LabScript.files(),
            labDirectory: directory,
            limits: ResourceLimits(memoryBytes: 64 << 20, pids: 100),
            deadline: deadline
        )
    }

    func run(_ job: Job, in id: TopologyID, with backend: (any AntidoteBackend)? = nil) async throws -> JobResult {
        try await (backend ?? self.backend).run(job, in: id, under: .unlimited, progress: .none)
    }

    /// What a job in the lab finds; asked at a machine's agent where one is named.
    func ask(_ question: LabQuestion, in id: TopologyID, at machine: String? = nil) async throws -> String {
        let question = machine.map { question.at($0) } ?? question
        let result = try await run(try job(question), in: id)
        try require(
            result.exitStatus,
            is: 0,
            "the exit status of \(question.words), which printed “\(result.outputTail)”"
        )
        return trimmed(result.outputTail)
    }

    func trimmed(_ text: String) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }

    /// Asks again until the answer is right, for what takes a moment at the provider. The case's patience bounds it.
    func wait(for what: String, until isRight: () async throws -> Bool) async throws {
        for _ in 0..<600 {
            if try await isRight() { return }
            try await time.sleep(.milliseconds(100))
        }
        throw ConformanceFailure(description: "waited in vain for \(what)")
    }

    // MARK: The end

    /// Removes everything that this case made, and sees that it is gone.
    func leaveNothing() async throws {
        let installations = [installation] + others.withLock { $0 }
        for installation in installations {
            let backend = try await subject.backend(for: installation)
            let own = { (entry: InventoryEntry) in entry.id.store == installation.store }
            for entry in try await backend.inventory().filter(own) {
                try await backend.destroy(entry.id, under: .unlimited)
            }
            let left = try await backend.inventory().filter(own).map(\.id.description)
            try require(left.isEmpty, "left behind, though everything was destroyed: \(left)")
        }
        guard let hands = subject.hands else { return }
        for instance in Set(installations.map(\.instance)) {
            let things = try await hands.things(of: instance)
            try require(things, is: 0, "things at the provider that the inventory does not show")
        }
    }
}
