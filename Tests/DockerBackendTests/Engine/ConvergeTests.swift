import AntidoteCore
import HTTPTransport
import Testing

@testable import DockerBackend

@Suite("Labs at a real engine")
struct ConvergeTests {
    @Test("a lab comes up, is reached by its owner, and leaves nothing")
    func upAndDown() async throws {
        try await Bench.with { bench in
            let reached = Lines()
            let progress = ProgressReporter { item in
                if case .endpoint(let name, let state) = item { reached.add("\(name) \(state)") }
            }
            let lab = try await bench.converge(bench.topology([.web("web"), .idle("box")]), progress: progress)
            let address = try #require(lab[endpoint: "web"]?[port: 80]?.forOwner)
            #expect(address.host == "127.0.0.1")
            #expect(try await fetch(address) == "page of web\n")
            #expect(reached.all.contains("web reachable"))
            #expect(try await bench.shell("wget -q -O - http://web/", in: "box").output == "page of web")

            try await bench.destroy()
            #expect(try await bench.containers().isEmpty)
            #expect(try await bench.networks().isEmpty)
            try await bench.destroy()
        }
    }

    @Test("converging twice adopts everything")
    func adopts() async throws {
        try await Bench.with { bench in
            let topology = bench.topology([.web("web"), .idle("box")])
            let first = try await bench.converge(topology)
            let before = Set(try await bench.containers().map(\.id))
            let second = try await bench.converge(topology)
            #expect(second == first)
            #expect(Set(try await bench.containers().map(\.id)) == before)
        }
    }
}

/// The body of `GET /` at an address of this machine.
func fetch(_ address: HostAddress) async throws -> String {
    let client = try HTTPClient(configuration: .init(base: .tcp(host: address.host, port: address.port)))
    defer { client.shutdown() }
    return String(
        decoding: try await client.execute(HTTPRequest(.get, "/", deadline: .seconds(10))).body,
        as: UTF8.self
    )
}
