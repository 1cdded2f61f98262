import AntidoteCore
import Testing

@testable import DockerBackend

@Suite("What broke is made again, and nothing else")
struct RepairTests {
    @Test("a killed endpoint is replaced, and its neighbour is not")
    func killed() async throws {
        try await Bench.with { bench in
            let topology = bench.topology([.web("web"), .idle("box")])
            let first = try await bench.converge(topology)
            try await bench.client.killContainer(try await bench.container(of: "web"))
            let second = try await bench.converge(topology)
            #expect(second[endpoint: "web"]?.identity != first[endpoint: "web"]?.identity)
            #expect(second[endpoint: "box"]?.identity == first[endpoint: "box"]?.identity)
            let address = try #require(second[endpoint: "web"]?[port: 80]?.forOwner)
            #expect(address == first[endpoint: "web"]?[port: 80]?.forOwner)
            #expect(try await fetch(address) == "page of web\n")
        }
    }

    @Test("a changed endpoint is replaced, one that is not wanted any more goes")
    func changed() async throws {
        try await Bench.with { bench in
            let first = try await bench.converge(bench.topology([.web("web"), .idle("box"), .idle("gone")]))
            var box = Endpoint.idle("box")
            box.environment = ["MODE": .plain("new")]
            let second = try await bench.converge(bench.topology([.web("web"), box]))
            #expect(second[endpoint: "web"]?.identity == first[endpoint: "web"]?.identity)
            #expect(second[endpoint: "box"]?.identity != first[endpoint: "box"]?.identity)
            #expect(try await bench.shell("echo $MODE", in: "box").output == "new")
            let names = try await bench.containers().compactMap { $0.labels[Label.endpoint] }
            #expect(Set(names) == ["web", "box"])
        }
    }

    @Test("everything dead, as after the engine's own death, is healed on the networks that stayed")
    func allDead() async throws {
        try await Bench.with { bench in
            let topology = bench.topology([.web("web"), .idle("box")])
            _ = try await bench.converge(topology)
            let networks = Set(try await bench.networks().map(\.id))
            for container in try await bench.containers() { try await bench.client.killContainer(container.id) }
            #expect(try await bench.backend.inventory().map(\.state) == [.dead])
            let healed = try await bench.converge(topology)
            #expect(Set(try await bench.networks().map(\.id)) == networks)
            let address = try #require(healed[endpoint: "web"]?[port: 80]?.forOwner)
            #expect(try await fetch(address) == "page of web\n")
        }
    }

    @Test("a converge that is cancelled anywhere leaves nothing that destroy does not find")
    func cancelled() async throws {
        for delay in [20, 90, 180, 350, 600, 900] {
            try await Bench.with { bench in
                let topology = bench.topology([.web("web"), .idle("box")])
                let work = Task { try await bench.converge(topology) }
                try await bench.configuration.time.sleep(.milliseconds(delay))
                work.cancel()
                _ = await work.result
                try await bench.destroy()
                #expect(try await bench.containers().isEmpty, "cancelled after \(delay) ms")
                #expect(try await bench.networks().isEmpty, "cancelled after \(delay) ms")
            }
        }
    }

    @Test("a converge that was cancelled anywhere is finished by the next")
    func resumed() async throws {
        for delay in [150, 300, 500] {
            try await Bench.with { bench in
                let topology = bench.topology([.web("web"), .idle("box")])
                let work = Task { try await bench.converge(topology) }
                try await bench.configuration.time.sleep(.milliseconds(delay))
                work.cancel()
                _ = await work.result
                let lab = try await bench.converge(topology)
                let address = try #require(lab[endpoint: "web"]?[port: 80]?.forOwner)
                #expect(try await fetch(address) == "page of web\n")
                #expect(try await bench.containers().count == 3)
            }
        }
    }

    @Test("two workers of one incarnation build one lab")
    func together() async throws {
        try await Bench.with { bench in
            let topology = bench.topology([.web("web"), .idle("box")])
            async let one = bench.converge(topology)
            async let two = DockerBackend(configuration: bench.configuration)
                .converge(topology, under: .unlimited, progress: .none)
            let (left, right) = try await (one, two)
            #expect(left == right)
            #expect(try await bench.containers().count == 3)
            #expect(try await bench.networks().count == 2)
        }
    }

    @Test("an older incarnation is destroyed without the newer one")
    func incarnations() async throws {
        try await Bench.with { bench in
            let topology = bench.topology([.idle("box")])
            _ = try await bench.converge(topology)
            var next = topology
            next.id.incarnation = 2
            _ = try await bench.converge(next)
            try await bench.destroy()
            #expect(try await bench.backend.inventory().map(\.id) == [next.id])
            #expect(try await bench.backend.inventory().map(\.state) == [.running])
        }
    }

    @Test("what is not ours is left alone and named")
    func foreign() async throws {
        try await Bench.with { bench in
            let name = Names(bench.id).endpoint("box")
            var stranger = ContainerSpecification(image: Bench.image.reference)
            stranger.host.networkMode = "none"
            let id = try await bench.client.createContainer(name, stranger).id
            let error = await #expect(throws: AntidoteError.self) {
                try await bench.converge(bench.topology([.idle("box")]))
            }
            #expect(error?.code == .foreignResource)
            #expect(error?.description.contains(name) == true)
            try await bench.destroy()
            #expect(try await bench.client.container(id).name == "/" + name)
            try await bench.client.removeContainer(id)
        }
    }
}
