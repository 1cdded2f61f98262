import AntidoteCore
import Testing

@testable import DockerBackend

extension Faults {
    @Suite("Things of others under names of ours")
    struct ForeignTests {
        @Test("a container is named, and left as it is", arguments: ["endpoint", "gate", "helper"])
        func container(_ part: String) async throws {
            try await Bench.with { bench in
                let link = Connection(
                    name: "a-b",
                    subnet: try #require(IPv4Subnet("10.10.0.0/24")),
                    attachments: [
                        .init(endpoint: "a", address: try #require(IPv4Address("10.10.0.10")), interface: "l1")
                    ]
                )
                let names = Names(bench.id)
                let name =
                    switch part {
                    case "gate": names.gate
                    case "helper": names.helper("a")
                    default: names.endpoint("a")
                    }
                let topology = bench.topology([.idle("a")], connections: [link])
                try await withStranger(name, in: bench) {
                    await expectForeign(name) { _ = try await bench.converge(topology) }
                    try await bench.destroy()
                }
                _ = try await bench.converge(topology)
            }
        }

        @Test("so is one with the name of a job")
        func job() async throws {
            try await Bench.with { bench in
                _ = try await bench.converge(bench.topology([.idle("a")]))
                let job = Job(id: JobID(unchecked: "once"), image: Bench.image, command: ["true"])
                try await withStranger(Names(bench.id).job(job.id), in: bench) {
                    await expectForeign(Names(bench.id).job(job.id)) {
                        _ = try await bench.backend.run(job, in: bench.id, under: .unlimited, progress: .none)
                    }
                }
                let result = try await bench.backend.run(job, in: bench.id, under: .unlimited, progress: .none)
                #expect(result.exitStatus == 0)
            }
        }

        @Test("a network with the beginning of ours is no obstacle, and stays")
        func network() async throws {
            try await Bench.with { bench in
                let name = Names(bench.id).network(.lab)
                let id = try await docker("network", "create", "--internal", "--subnet", "10.201.7.0/28", name)
                    .split(separator: "\n").last.map { String($0) }
                do {
                    _ = try await bench.converge(bench.topology([.web("web")]))
                    try await bench.destroy()
                    #expect(try await bench.client.allNetworks().contains { $0.id == id && $0.name == name })
                } catch { Issue.record(error) }
                try await docker("network", "rm", name)
            }
        }

        @Test("a pool that others have used up is told, and enough again when they go")
        func pool() async throws {
            let range = try #require(IPv4Subnet("10.202.\(Int.random(in: 0..<256)).0/27"))
            func shrink(_ configuration: inout DockerConfiguration) { configuration.addressPool = range }
            try await Bench.with(shrink) { bench in
                let name = "others-" + bench.id.instance.rawValue
                try await docker("network", "create", "--internal", "--subnet", range.description, name)
                let topology = bench.topology([.idle("box")])
                let error = await #expect(throws: AntidoteError.self) { try await bench.converge(topology) }
                #expect(error?.code == .capacityExhausted)
                #expect(error?.disposition == .retry)
                #expect(error?.recovery?.contains("pool") == true)
                let isThere = try await bench.client.allNetworks().contains { $0.name == name }
                #expect(isThere)
                try await docker("network", "rm", name)
                _ = try await bench.converge(topology)
            }
        }

        /// Runs `body` beside a running container of somebody else's, which must not notice.
        private func withStranger(_ name: String, in bench: Bench, _ body: () async throws -> Void) async throws {
            let id = try await docker(
                "run",
                "--detach",
                "--network",
                "none",
                "--name",
                name,
                Bench.image.reference,
                "sleep",
                "1000"
            )
            do {
                try await body()
                let state = try await bench.client.container(id)
                #expect(state.state.isAlive)
                #expect(state.name == "/" + name)
            } catch { Issue.record(error) }
            try await docker("rm", "--force", id)
        }

        private func expectForeign(_ name: String, _ act: () async throws -> Void) async {
            let error = await #expect(throws: AntidoteError.self) { try await act() }
            #expect(error?.code == .foreignResource)
            #expect(error?.disposition == .permanent)
            #expect(error?.subject == name)
            #expect(error?.recovery?.contains("emove or rename") == true)
        }
    }
}
