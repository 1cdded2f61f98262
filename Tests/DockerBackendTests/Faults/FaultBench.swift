import AntidoteCore
import Testing

@testable import DockerBackend

/// A bench whose backend reaches its engine through a ``FaultProxy``, while the test looks past it.
struct FaultBench: Sendable {
    /// Past the proxy.
    let direct: Bench
    let proxy: FaultProxy

    var id: TopologyID { direct.id }

    /// Runs `body`, and sees that nothing is left at the engine when it has removed its labs.
    static func with<Result: Sendable>(
        engine socket: String? = nil,
        _ change: (inout DockerConfiguration) -> Void = { _ in },
        _ body: (FaultBench) async throws -> Result
    ) async throws -> Result {
        let socket = try socket ?? TestEngine.socketPath()
        func place(_ configuration: inout DockerConfiguration) {
            configuration.address = .unixSocket(path: socket)
            change(&configuration)
        }
        return try await Bench.with(place) { direct in
            try await FaultProxy.with(inFrontOf: socket) { proxy in
                try await body(FaultBench(direct: direct, proxy: proxy))
            }
        }
    }

    /// The configuration of a backend that meets the faults.
    var configuration: DockerConfiguration {
        var configuration = direct.configuration
        configuration.address = .unixSocket(path: proxy.path)
        return configuration
    }

    /// A new one each time, as another process would have: it remembers nothing.
    func backend() throws -> DockerBackend { try DockerBackend(configuration: configuration) }

    @discardableResult
    func converge(_ topology: Topology) async throws -> ProvisionedTopology {
        try await backend().converge(topology, under: .unlimited, progress: .none)
    }

    func run(_ job: Job) async throws -> JobResult {
        try await backend().run(job, in: id, under: .unlimited, progress: .none)
    }

    func destroy() async throws { try await backend().destroy(id, under: .unlimited) }

    /// Does `act` again and again, with `fault` at another one of `phases` each time: so each time it comes a step
    /// further. It must end as the fault demands, and well without any.
    @discardableResult
    func expectRecovery<Value>(
        from fault: EngineFault,
        at phases: [EnginePhase],
        doing act: () async throws -> Value
    ) async throws -> Value {
        let phases = phases.filter { fault.applies(to: $0) }
        guard fault.expected != nil else {
            for phase in phases { proxy.spoil(phase, with: fault) }
            let value = try await act()
            #expect(proxy.takeUnmet() == [], "\(fault)")
            return value
        }
        for phase in phases { try await expectFailure(from: fault, at: phase, doing: act) }
        do {
            return try await act()
        } catch {
            Issue.record(error, "after \(fault)")
            throw error
        }
    }

    private func expectFailure<Value>(
        from fault: EngineFault,
        at phase: EnginePhase,
        doing act: () async throws -> Value
    ) async throws {
        await proxy.comeToRest()
        proxy.spoil(phase, with: fault)
        let place: Comment = "\(fault) at \(phase)"
        do {
            _ = try await act()
            Issue.record("it did not fail: \(place)")
        } catch let error as AntidoteError {
            expect(error, from: fault, place)
        }
        #expect(proxy.takeUnmet() == [], place)
        guard fault == .down else { return }
        let error = await #expect(throws: AntidoteError.self, place) { _ = try await act() }
        #expect(error?.code == .backendUnavailable, place)
        try proxy.comeBack()
    }

    private func expect(_ error: AntidoteError, from fault: EngineFault, _ place: Comment) {
        let comment: Comment = "\(place): \(error.debugDescription)"
        guard let expected = fault.expected else {
            Issue.record(error, comment)
            return
        }
        #expect(error.code == expected.code, comment)
        #expect(error.disposition == expected.disposition, comment)
        #expect(!error.message.isEmpty, comment)
        #expect(error.recovery?.isEmpty == false, comment)
    }

    /// What is at the engine of this instance, by kind: what the backend itself says is not asked.
    func things() async throws -> (containers: Int, networks: Int) {
        (try await direct.containers().count, try await direct.networks().count)
    }

    func expectNothingLeft(_ comment: Comment? = nil) async throws {
        let left = try await things()
        #expect(left == (0, 0), comment)
        let listed = try await direct.backend.inventory().map(\.id)
        #expect(listed == [], comment)
    }
}
