import AntidoteCore
import Testing

@testable import DockerBackend

/// Every fault at every call that a lab's life is made of.
@Suite("An engine that fails in the life of a lab", .timeLimit(.minutes(5)))
struct LabFaultTests {
    @Test("is healed by doing it again, or named, and nothing is left", arguments: EngineFault.allCases)
    func everyCall(_ fault: EngineFault) async throws {
        try await FaultBench.with { bench in
            let topology = bench.direct.topology([.web("web")])
            func converge(_ phases: EnginePhase...) async throws {
                let lab = try await bench.expectRecovery(from: fault, at: phases) { try await bench.converge(topology) }
                let things = try await bench.things()
                #expect(things == (2, 2), "\(fault)")
                let address = try #require(lab[endpoint: "web"]?[port: 80]?.forOwner)
                #expect(try await fetch(address) == "page of web\n", "\(fault)")
            }
            // Where endpoint and gate are made side by side, only what the gate waits for is sure to come.
            try await converge(.networkCreate, .gateCreate, .connect, .start)
            try await bench.direct.client.killContainer(Names(bench.id).endpoint("web"))
            try await converge(.containerRemove, .imageInspect, .endpointCreate, .upload, .start)
            try await converge(.version, .information, .events, .containerList, .networkList)
            try await converge(.execCreate, .execStart, .execInspect, .containerInspect)

            let entries = try await bench.expectRecovery(from: fault, at: [.containerList, .networkList]) {
                try await bench.backend().inventory()
            }
            #expect(entries.map(\.state) == [.running])
            try await bench.expectRecovery(
                from: fault,
                at: [.containerList, .networkList, .containerRemove, .networkRemove]
            ) {
                try await bench.destroy()
            }
            try await bench.expectNothingLeft("\(fault)")
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
