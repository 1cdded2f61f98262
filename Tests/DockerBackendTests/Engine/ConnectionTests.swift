import AntidoteCore
import Testing

@testable import DockerBackend

@Suite("Connections")
struct ConnectionTests {
    private func connections() throws -> [Connection] {
        func attachment(_ endpoint: String, _ address: String, _ interface: String) throws -> Connection.Attachment {
            .init(endpoint: endpoint, address: try #require(IPv4Address(address)), interface: interface)
        }
        return [
            Connection(
                name: "a-b",
                subnet: try #require(IPv4Subnet("10.10.0.0/24")),
                attachments: [try attachment("a", "10.10.0.10", "link1"), try attachment("b", "10.10.0.1", "eth1")]
            ),
            Connection(
                name: "a-b-second",
                subnet: try #require(IPv4Subnet("10.20.0.0/16")),
                attachments: [try attachment("a", "10.20.3.4", "link0"), try attachment("b", "10.20.255.1", "wan_0")]
            ),
        ]
    }

    @Test("two labs with the same subnets have the author's addresses and interface names at once")
    func twice() async throws {
        try await Bench.with { bench in
            let other = bench.sibling()
            let links = try connections()
            async let first = bench.converge(bench.topology([.idle("a"), .web("b")], connections: links))
            async let second = other.converge(other.topology([.idle("a"), .web("b")], connections: links))
            _ = try await (first, second)
            for lab in [bench, other] {
                let names = try await lab.shell("ls /sys/class/net | sort | tr '\\n' ' '", in: "a").output
                #expect(names == "eth0 link0 link1 lo ")
                let address = try await lab.shell("/sbin/ip -4 -o addr show dev link1", in: "a").output
                #expect(address.contains("10.10.0.10/24"))
                let wide = try await lab.shell("/sbin/ip -4 -o addr show dev wan_0", in: "b").output
                #expect(wide.contains("10.20.255.1/16"))
                #expect(try await lab.shell("timeout 5 wget -q -O - http://10.10.0.1/", in: "a").output == "page of b")
                #expect(
                    try await lab.shell("timeout 5 wget -q -O - http://10.20.255.1/", in: "a").output == "page of b"
                )
                #expect(try await lab.shell("timeout 5 wget -q -O - http://b/", in: "a").output == "page of b")
            }
        }
    }

    @Test("an endpoint that is replaced has its addresses again; one that stays is not touched")
    func repaired() async throws {
        try await Bench.with { bench in
            let topology = bench.topology([.idle("a"), .web("b")], connections: try connections())
            let first = try await bench.converge(topology)
            #expect(try await bench.converge(topology) == first)
            try await bench.client.killContainer(try await bench.container(of: "b"))
            let second = try await bench.converge(topology)
            #expect(second[endpoint: "a"]?.identity == first[endpoint: "a"]?.identity)
            #expect(try await bench.shell("timeout 5 wget -q -O - http://10.10.0.1/", in: "a").output == "page of b")
        }
    }

    @Test("an endpoint that ends before its addresses are set is named with its last output")
    func dies() async throws {
        try await Bench.with { bench in
            var bad = Endpoint.web("b")
            bad.arguments = ["echo the reason is this; exit 3"]
            let topology = bench.topology([.idle("a"), bad], connections: try connections())
            let error = await #expect(throws: AntidoteError.self) { try await bench.converge(topology) }
            #expect(error?.code == .endpointFailed)
            #expect(error?.subject == "b")
            #expect(error?.logTail?.contains("the reason is this") == true)
        }
    }
}
