import AntidoteCore
import Testing

@testable import DockerBackend

/// Every fault at every call that a lab's life is made of.
@Suite("An engine that fails in the life of a lab", .serialized, .timeLimit(.minutes(5)))
struct LabFaultTests {
    /// One call of `converge`: which, and what must be missing for it to be made.
    private struct Step {
        var phase: EnginePhase
        var skipped = 0
        var gap: Gap

        enum Gap { case nothing, gate, endpoint, deadEndpoint, everything }
    }

    private static let steps: [Step] =
        [
            Step(phase: .networkCreate, gap: .everything), Step(phase: .networkCreate, skipped: 1, gap: .everything),
            Step(phase: .containerRemove, gap: .deadEndpoint),
        ]
        + [.imageInspect, .endpointCreate, .upload, .start].map { Step(phase: $0, gap: .endpoint) }
        + [.gateCreate, .connect, .start].map { Step(phase: $0, gap: .gate) }
        + [
            .version, .information, .events, .containerList, .networkList, .execCreate, .execStart, .execInspect,
            .containerInspect,
        ].map { Step(phase: $0, gap: .nothing) }

    @Test("is healed by doing it again, or named, and nothing is left", arguments: [EngineFault.torn])
    func everyCall(_ fault: EngineFault) async throws {
        try await FaultBench.with { bench in
            let topology = bench.direct.topology([.web("web")])
            for step in Self.steps where fault.applies(to: step.phase) {
                try await make(step.gap, in: bench)
                let lab = try await bench.expectRecovery(from: fault, at: step.phase, skipping: step.skipped) {
                    try await bench.converge(topology)
                }
                let things = try await bench.things()
                #expect(things == (2, 2), "\(fault) at \(step.phase)")
                let address = try #require(lab[endpoint: "web"]?[port: 80]?.forOwner)
                #expect(try await fetch(address) == "page of web\n", "\(fault) at \(step.phase)")
            }
            for phase in [EnginePhase.containerList, .networkList] where fault.applies(to: phase) {
                let entries = try await bench.expectRecovery(from: fault, at: phase) {
                    try await bench.backend().inventory()
                }
                #expect(entries.map(\.state) == [.running])
            }
            for phase in [EnginePhase.containerList, .networkList, .containerRemove, .networkRemove]
            where fault.applies(to: phase) {
                try await bench.expectRecovery(from: fault, at: phase) {
                    // Until there is nothing to be removed, a fault of a removal is met each time.
                    if try await bench.things() == (0, 0) { try await bench.converge(topology) }
                    try await bench.destroy()
                }
            }
            try await bench.destroy()
            try await bench.expectNothingLeft("\(fault)")
        }
    }

    private func make(_ gap: Step.Gap, in bench: FaultBench) async throws {
        let client = bench.direct.client
        let names = Names(bench.id)
        switch gap {
        case .nothing: break
        case .gate: try await client.removeContainer(names.gate)
        case .endpoint: try await client.removeContainer(names.endpoint("web"))
        case .deadEndpoint: try await client.killContainer(names.endpoint("web"))
        case .everything: try await bench.direct.destroy()
        }
    }

    @Test("changes that are followed end with an error when the engine's events do", arguments: [
        EngineFault.torn, .down,
    ])
    func events(_ fault: EngineFault) async throws {
        try await FaultBench.with { bench in
            try await bench.converge(bench.direct.topology([.idle("box")]))
            let backend = try bench.backend()
            if fault == .torn { bench.proxy.spoil(.events, with: fault) }
            let error = await #expect(throws: AntidoteError.self) {
                try await backend.withChanges { changes in
                    if fault == .down { bench.proxy.goDown() }
                    for try await change in changes { Issue.record("\(change) was told") }
                }
            }
            #expect(error?.code == .backendUnavailable)
            #expect(error?.disposition == .retry)
        }
    }
}
