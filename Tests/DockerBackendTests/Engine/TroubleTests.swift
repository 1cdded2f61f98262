@_spi(StoreKit) import AntidoteCore
import Foundation
import Testing

@testable import DockerBackend

@Suite("What goes wrong is named, and what happens is told")
struct TroubleTests {
    @Test("an image that is not there")
    func imageMissing() async throws {
        try await Bench.with { bench in
            for (policy, code) in [
                (ImageReference.PullPolicy.never, AntidoteError.Code.imageMissing),
                // Nobody listens there.
                (.ifMissing, .imagePullFailed),
            ] {
                var endpoint = Endpoint.idle("box")
                endpoint.image = ImageReference("127.0.0.1:1/no/such", pullPolicy: policy)
                let topology = bench.topology([endpoint])
                let error = await #expect(throws: AntidoteError.self) { try await bench.converge(topology) }
                #expect(error?.code == code)
                #expect(error?.subject?.hasPrefix("127.0.0.1:1/no/such") == true)
                #expect(error?.message.hasPrefix("the image is not at the engine") == true)
                #expect(error?.recovery != nil)
            }
        }
    }

    @Test("no socket")
    func noSocket() async throws {
        var configuration = DockerConfiguration(
            instance: InstanceID(unchecked: "t"),
            store: RandomSource.system.storeID()
        )
        configuration.address = .unixSocket(path: "/nonexistent/docker.sock")
        let backend = try DockerBackend(configuration: configuration)
        let error = await #expect(throws: AntidoteError.self) { try await backend.probe() }
        #expect(error?.code == .backendUnavailable)
        #expect(
            error?.message == "there is no Docker Engine at unix:///nonexistent/docker.sock: the socket does not exist"
        )
    }

    @Test("the inventory tells what there is, and how it is")
    func inventory() async throws {
        try await Bench.with { bench in
            let topology = bench.topology([.idle("one"), .idle("two")])
            _ = try await bench.converge(topology)
            let entry = try #require(try await bench.backend.inventory().first)
            #expect(entry.id == bench.id)
            #expect(entry.state == .running)
            #expect(entry.owner == "tests")
            let digest = try topology.digest()
            #expect(entry.digest == digest)
            #expect(entry.age < .seconds(600))
            try await bench.client.killContainer(try await bench.container(of: "one"))
            let partial = try #require(try await bench.backend.inventory().first)
            #expect(partial.state == .partial)
            #expect(partial.deadEndpoints == ["one"])
        }
    }

    @Test("a death is told as it happens")
    func events() async throws {
        try await Bench.with { bench in
            _ = try await bench.converge(bench.topology([.idle("box")]))
            let container = try await bench.container(of: "box")
            let change = try await bench.backend.withChanges { changes in
                try await bench.client.killContainer(container)
                return try await changes.first { _ in true }
            }
            #expect(change == TopologyChange(topology: bench.id, endpoint: "box", kind: .died, detail: "killed"))
        }
    }

    @Test("an authority that is lost stops everything before it changes anything")
    func authority() async throws {
        let lost = Authority(fence: Fence(1)) { throw AntidoteError(.authorityLost, "the lease is over") }
        try await Bench.with { bench in
            let topology = bench.topology([.idle("box")])
            let error = await #expect(throws: AntidoteError.self) {
                try await bench.backend.converge(topology, under: lost, progress: .none)
            }
            #expect(error?.code == .authorityLost)
            let left = (try await bench.containers(), try await bench.networks())
            #expect(left.0.isEmpty && left.1.isEmpty)
        }
    }
}
