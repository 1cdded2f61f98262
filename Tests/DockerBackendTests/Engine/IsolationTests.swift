import AntidoteCore
import Testing

@testable import DockerBackend

/// Real packets, from inside. The engine has to be on this machine.
@Suite("Labs are closed")
struct IsolationTests {
    /// An endpoint with room for many attempts at once.
    private func prisoner() -> Endpoint {
        var box = Endpoint.idle("box")
        box.limits.pids = 2000
        return box
    }

    /// Tries TCP and UDP to every target at once, and says which connections came about.
    private func attempts(_ four: [String], _ six: [String], port: Int) -> String {
        var lines: [String] = []
        for address in four {
            lines.append(
                "(socat -u /dev/null TCP4:\(address):\(port),connect-timeout=2 2>/dev/null && echo open \(address)) &"
            )
            lines.append("(echo x | socat -u - UDP4:\(address):\(port) 2>/dev/null) &")
        }
        for (number, address) in six.enumerated() {
            let target = address.hasPrefix("fe80") ? "[\(address)%eth0]" : "[\(address)]"
            // Short, because a busy host has many addresses, and a script is one argument.
            lines.append("six \(target) &")
            // The box has not room for any number at once.
            if number % 100 == 99 { lines.append("wait") }
        }
        let six = """
            six() {
                socat -u /dev/null TCP6:$1:\(port),connect-timeout=2 2>/dev/null && echo open $1
                echo x | socat -u - UDP6:$1:\(port) 2>/dev/null
            }
            """
        return ([six] + lines + ["wait", "echo tried"]).joined(separator: "\n")
    }

    @Test("no way to the host's services from endpoints and jobs, by any address, over IPv4 and IPv6, TCP and UDP")
    func host() async throws {
        let service = try HostService()
        try await Bench.with { bench in
            // The way is there when a lab is not in between: an ordinary network reaches the service.
            let control = bench.sibling()
            _ = try await control.converge(control.topology([prisoner()], egress: .open))
            let addresses = hostAddresses()
            let four = addresses.four.filter { !$0.hasPrefix("127.") }
            let six = addresses.six.filter { $0 != "::1" }
            try #require(!four.isEmpty)
            let open = try await control.shell(attempts(four, [], port: service.port), in: "box").output
            service.drain()
            #expect(open.contains("open"))
            let before = service.arrivals
            #expect(before.connections > 0)
            #expect(before.datagrams > 0)

            _ = try await bench.converge(bench.topology([prisoner(), .web("web")]))
            let now = hostAddresses()
            let all = now.four.filter { !$0.hasPrefix("127.") } + ["169.254.169.254", "8.8.8.8"]
            let script = attempts(all, Set(now.six + six).subtracting(["::1"]).sorted(), port: service.port)
            #expect(try await bench.shell(script, in: "box").output == "tried")
            let job = Job(
                id: JobID(unchecked: "escape"),
                image: Bench.image,
                command: ["/bin/sh", "-c", script],
                limits: ResourceLimits(pids: 2000)
            )
            let result = try await bench.backend.run(job, in: bench.id, under: .unlimited, progress: .none)
            #expect(result.outputTail == "tried\n")
            service.drain()
            #expect(service.arrivals == before)
        }
    }

    @Test("no way to another lab, nor through either gate; the owner comes in all the same")
    func labs() async throws {
        try await Bench.with { bench in
            let other = bench.sibling()
            let mine = try await bench.converge(bench.topology([prisoner(), .web("web")]))
            let theirs = try await other.converge(other.topology([prisoner(), .web("web")]))
            func addresses(_ container: String) async throws -> [String] {
                let lines = Lines()
                _ = try await bench.client.run(["/sbin/ip", "-4", "-o", "addr"], in: container) { lines.add($0) }
                return lines.all.compactMap { line in
                    line.split(separator: " ").first { $0.contains("/") }?.split(separator: "/").first.map {
                        String($0)
                    }
                }.filter { !$0.hasPrefix("127.") }
            }
            func gate(_ id: TopologyID) async throws -> [String] {
                try await addresses(try await bench.client.container(Names(id).gate).id)
            }
            let gates = try await gate(bench.id) + gate(other.id)
            #expect(gates.count == 4)
            let listening = attempts(gates, [], port: GateDesign.firstPort)
            #expect(try await bench.shell(listening, in: "box").output == "tried")
            let servers = try await addresses(try await other.container(of: "web")) + gate(other.id)
            #expect(try await bench.shell(attempts(servers, [], port: 80), in: "box").output == "tried")
            // The same attempt inside the other lab shows that there is something to reach.
            let inside = try await other.shell(attempts(servers, [], port: 80), in: "box").output
            #expect(inside.contains("open"))
            for lab in [mine, theirs] {
                let address = try #require(lab[endpoint: "web"]?[port: 80]?.forOwner)
                #expect(try await fetch(address) == "page of web\n")
                // Nor by the port that is published on the host.
                let published = attempts(hostAddresses().four.filter { !$0.hasPrefix("127.") }, [], port: address.port)
                #expect(try await bench.shell(published, in: "box").output == "tried")
            }
        }
    }

    @Test("no outside name is resolved, nor does looking one up stall")
    func names() async throws {
        try await Bench.with { bench in
            _ = try await bench.converge(bench.topology([.idle("box"), .web("web")]))
            // A resolver that is left to stall does so for 20 seconds; 143 is the status of what timeout ended.
            let status = try await bench.shell("timeout 15 wget -q -O - http://example.com/", in: "box").status
            #expect(status != 0 && status != 143)
            #expect(try await bench.shell("wget -q -O - http://web/", in: "box").output == "page of web")
        }
    }

    /// An engine of 20.10 takes the rules that keep its networks apart out and puts them back whenever a network comes to
    /// be, which other tests cause all the time: what begins in that moment gets through, and what begins after it does not.
    @Test("labs with an open way out are still closed to each other")
    func openLabs() async throws {
        try await Bench.with { bench in
            let other = bench.sibling()
            _ = try await bench.converge(bench.topology([prisoner()], egress: .open))
            _ = try await other.converge(other.topology([.web("web", exposure: .lab)], egress: .open))
            let script = "/sbin/ip -4 -o addr show dev eth0"
            let line = try await other.shell(script, in: "web").output
            let address = try #require(
                line.split(separator: " ").first { $0.contains("/") }?.split(separator: "/").first
            )
            var outputs: [String] = []
            repeat {
                outputs.append(try await bench.shell(attempts([String(address)], [], port: 80), in: "box").output)
            } while outputs.last != "tried" && outputs.count < 5
            #expect(outputs.last == "tried", "\(outputs)")
        }
    }
}
