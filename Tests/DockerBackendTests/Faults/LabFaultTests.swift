import AntidoteCore
import Testing

@testable import DockerBackend

extension Faults {
    /// Every fault at every call that a lab's life is made of.
    @Suite("An engine that fails in the life of a lab")
    struct LabFaultTests {
        @Test("is healed by doing it again, or named, and nothing is left", arguments: EngineFault.allCases)
        func everyCall(_ fault: EngineFault) async throws {
            try await FaultBench.with { bench in
                let topology = bench.direct.topology([.web("web")])
                func converge(_ phases: [EnginePhase]) async throws {
                    let lab = try await bench.expectRecovery(from: fault, at: phases) {
                        try await bench.converge(topology)
                    }
                    let things = try await bench.things()
                    #expect(things == (2, 2), "\(fault)")
                    let address = try #require(lab[endpoint: "web"]?[port: 80]?.forOwner)
                    #expect(try await fetch(address) == "page of web\n", "\(fault)")
                }
                // Where endpoint and gate are made side by side, only what the gate waits for is sure to come.
                try await converge([.networkCreate, .gateCreate, .connect, .start])
                // While something is removed the images are looked for.
                for phases: [EnginePhase] in [[.containerRemove], [.imageInspect, .endpointCreate, .upload, .start]] {
                    try await bench.direct.client.killContainer(Names(bench.id).endpoint("web"))
                    try await converge(phases)
                }
                try await converge([.version, .information, .events, .containerList])
                try await converge([.execCreate, .execStart, .execInspect, .containerInspect, .networkList])

                let entries = try await bench.expectRecovery(from: fault, at: [.networkList]) {
                    try await bench.backend().inventory()
                }
                #expect(entries.map(\.state) == [.running])
                try await bench.expectRecovery(
                    from: fault,
                    at: [.containerList, .containerRemove, .networkRemove]
                ) {
                    try await bench.destroy()
                }
                try await bench.expectNothingLeft("\(fault)")
            }
        }

        @Test("a port of which nothing more is heard is asked for again, and its lab is not given up")
        func probe() async throws {
            try await FaultBench.with { bench in
                var late = Endpoint.web("web")
                late.arguments = ["until [ -e /go ]; do sleep 0.1; done; mkdir /www; exec httpd -f -p 80 -h /www"]
                late.ports = [Topology.Port(80, probe: .tcp)]
                let topology = bench.direct.topology([late])
                bench.proxy.spoil(.execStart, with: .torn)
                let error = await #expect(throws: AntidoteError.self) { try await bench.converge(topology) }
                #expect(error?.code == .backendUnavailable)
                #expect(error?.disposition == .retry)
                #expect(error?.subject == "web")
                let status = try await bench.direct.shell("touch /go", in: "web").status
                #expect(status == 0)
                try await bench.converge(topology)
            }
        }

        @Test(
            "changes that are followed end with an error when the engine's events do",
            arguments: [
                EngineFault.torn, .down,
            ]
        )
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
}
