import AntidoteCore
import SecretCanaries
import Testing

@testable import DockerBackend

@Suite("What an endpoint is given")
struct EndpointTests {
    @Test("limits are in the cgroup, with defaults where nothing was asked")
    func limits() async throws {
        try await Bench.with { bench in
            var small = Endpoint.idle("small")
            small.limits = ResourceLimits(cpus: 0.5, memoryBytes: 48 << 20, pids: 33)
            var plain = Endpoint.idle("plain")
            plain.limits = ResourceLimits()
            _ = try await bench.converge(bench.topology([small, plain]))
            // The file of cgroup version 2, or of 1.
            func read(_ two: String, _ one: String, in endpoint: String) async throws -> String {
                try await bench.shell(
                    "cat /sys/fs/cgroup/\(two) 2>/dev/null || cat /sys/fs/cgroup/\(one)",
                    in: endpoint
                ).output
            }
            #expect(try await read("memory.max", "memory/memory.limit_in_bytes", in: "small") == "\(48 << 20)")
            #expect(try await read("pids.max", "pids/pids.max", in: "small") == "33")
            let quota = try await read("cpu.max", "cpu/cpu.cfs_quota_us", in: "small")
            #expect(quota == "50000" || quota == "50000 100000")
            #expect(try await read("memory.max", "memory/memory.limit_in_bytes", in: "plain") == "\(512 << 20)")
            #expect(try await read("pids.max", "pids/pids.max", in: "plain") == "256")
        }
    }

    @Test("files are there with their modes, and the directory can be written to")
    func files() async throws {
        try await Bench.with { bench in
            let long = "deep/" + String(repeating: "long-", count: 30) + "name.txt"
            var box = Endpoint.idle("box")
            box.files = try FileSet([
                .init(path: "run.sh", mode: 0o755, contents: Array("#!/bin/sh\necho ran\n".utf8)),
                .init(path: "secret.txt", mode: 0o600, contents: Array("x".utf8)),
                .init(path: long, contents: Array("long".utf8)),
            ])
            _ = try await bench.converge(bench.topology([box]))
            #expect(try await bench.shell("/antidote/run.sh", in: "box").output == "ran")
            #expect(try await bench.shell("stat -c %a /antidote/secret.txt", in: "box").output == "600")
            #expect(try await bench.shell("cat /antidote/\(long)", in: "box").output == "long")
            #expect(try await bench.shell("stat -c %a /antidote", in: "box").output == "1777")
        }
    }

    @Test("the flavors have the capabilities that they should")
    func flavors() async throws {
        try await Bench.with { bench in
            var legacy = Endpoint.idle("legacy")
            legacy.flavor = .legacy
            _ = try await bench.converge(bench.topology([.idle("plain"), legacy]))
            let (netAdmin, netRaw, sysAdmin, chown) = (12, 13, 21, 0)
            #expect(try await capability(chown, of: "plain", in: bench))
            for bit in [netAdmin, netRaw, sysAdmin] { #expect(try await !capability(bit, of: "plain", in: bench)) }
            #expect(try await capability(netAdmin, of: "legacy", in: bench))
            for bit in [netRaw, sysAdmin] { #expect(try await !capability(bit, of: "legacy", in: bench)) }
        }
    }

    @Test("trusted endpoints are refused unless the operator allows them")
    func trusted() async throws {
        var root = Endpoint.web("root")
        root.flavor = .trusted
        root.arguments = [
            "mkdir -p /www && (test -e /dev/kmsg && echo devices) >/www/index.html; exec httpd -f -p 80 -h /www"
        ]
        let endpoint = root
        try await Bench.with { bench in
            #expect(bench.backend.problems(with: bench.topology([endpoint])).map(\.code) == [.unsupported])
        }
        try await Bench.with(allowPrivileged) { bench in
            let lab = try await bench.converge(bench.topology([endpoint]))
            // Only a privileged container sees the host's devices.
            let address = try #require(lab[endpoint: "root"]?[port: 80]?.forOwner)
            #expect(try await fetch(address) == "devices\n")
        }
    }

    @Test("forwarding and secrets")
    func forwarding() async throws {
        try await Bench.with(resolveSecrets) { bench in
            var router = Endpoint.idle("router")
            router.forwardsIPv4 = true
            router.environment = ["A": .secret(Canary.secret("hidden")), "B": .reference(SecretReference(name: "b"))]
            _ = try await bench.converge(bench.topology([router, .idle("plain")]))
            #expect(try await bench.shell("cat /proc/sys/net/ipv4/ip_forward", in: "router").output == "1")
            #expect(
                try await bench.shell("echo $A $B", in: "router").output
                    == "\(Canary.text("hidden")) \(Canary.text("resolved-b"))"
            )
            for container in try await bench.containers() {
                #expect(!container.labels.values.contains { $0.contains(Canary.marker) })
            }
        }
    }

    @Test("endpoints wait for those that they depend on")
    func dependencies() async throws {
        try await Bench.with { bench in
            let order = Lines()
            let progress = ProgressReporter { item in
                if case .endpoint(let name, let state) = item { order.add("\(name) \(state)") }
            }
            var once = Endpoint.idle("once")
            once.command = ["/bin/sh", "-c", "exit 0"]
            once.arguments = []
            var last = Endpoint.idle("last")
            last.dependsOn = [
                Dependency(endpoint: "web", condition: .ready), Dependency(endpoint: "once", condition: .completed),
            ]
            let topology = bench.topology([last, .web("web"), once])
            let first = try await bench.converge(topology, progress: progress)
            let ready = try #require(order.all.firstIndex(of: "web reachable"))
            let started = try #require(order.all.firstIndex(of: "last starting"))
            #expect(ready < started)
            #expect(try await bench.converge(topology) == first)
            #expect(try await bench.backend.inventory().map(\.state) == [.running])
        }
    }

    @Test("an endpoint that ends at once is an error with its last output, and not a matter of deadlines")
    func dies() async throws {
        try await Bench.with { bench in
            var bad = Endpoint.web("bad")
            bad.arguments = ["echo the reason is this; exit 3"]
            let endpoint = bad
            let error = await #expect(throws: AntidoteError.self) {
                try await bench.converge(bench.topology([endpoint]))
            }
            #expect(error?.code == .endpointFailed)
            #expect(error?.subject == "bad")
            #expect(error?.logTail?.contains("the reason is this") == true)
        }
    }

    @Test("the last output of an endpoint that fails is without its secrets", arguments: [true, false])
    func redacted(ends: Bool) async throws {
        func change(_ configuration: inout DockerConfiguration) {
            resolveSecrets(&configuration)
            if !ends { hurry(&configuration) }
        }
        try await Bench.with(change) { bench in
            var endpoint = Endpoint.web("leaky")
            endpoint.environment = ["A": .secret(Canary.secret("hidden")), "B": .reference(SecretReference(name: "b"))]
            endpoint.arguments = ["echo one $A, two $B; " + (ends ? "exit 3" : "exec tail -f /dev/null")]
            let topology = bench.topology([endpoint])
            let error = await #expect(throws: AntidoteError.self) { try await bench.converge(topology) }
            #expect(error?.code == (ends ? .endpointFailed : .endpointNotReady))
            #expect(error?.logTail == "one <redacted>, two <redacted>\n")
        }
    }

    @Test("a command that is not there is refused for good")
    func noCommand() async throws {
        try await Bench.with { bench in
            var bad = Endpoint.idle("bad")
            bad.command = ["/no/such/program"]
            let endpoint = bad
            let error = await #expect(throws: AntidoteError.self) {
                try await bench.converge(bench.topology([endpoint]))
            }
            #expect(error?.code == .endpointFailed)
            #expect(error?.disposition == .permanent)
        }
    }

    @Test("a port that never answers is named when the deadline is over")
    func notReady() async throws {
        try await Bench.with(hurry) { bench in
            var deaf = Endpoint.idle("deaf")
            deaf.ports = [Topology.Port(81, exposure: .owner, probe: .tcp)]
            let endpoint = deaf
            let error = await #expect(throws: AntidoteError.self) {
                try await bench.converge(bench.topology([endpoint]))
            }
            #expect(error?.code == .endpointNotReady)
            #expect(error?.message.contains("81") == true)
        }
    }

    @Test("every kind of probe passes where it should")
    func probes() async throws {
        try await Bench.with { bench in
            var all = Endpoint.idle("all")
            all.command = ["/bin/sh", "-c"]
            all.arguments = [
                """
                nc -ll -p 22 -e sh -c 'echo SSH-2.0-test; cat' &
                nc -ll -p 99 -e cat &
                mkdir /www; echo hi >/www/index.html; httpd -p 80 -h /www
                (sleep 1; touch /ready) &
                nc -lu -p 53 -e cat &
                exec tail -f /dev/null
                """
            ]
            all.ports = [
                Topology.Port(22, exposure: .owner, probe: .sshBanner), Topology.Port(99, probe: .tcp),
                Topology.Port(80, probe: .http(path: "/missing'page")),
                Topology.Port(53, transport: .udp, exposure: .owner, probe: .exec(["test", "-e", "/ready"])),
            ]
            let lab = try await bench.converge(bench.topology([all]))
            let ports = try #require(lab[endpoint: "all"]).ports
            #expect(ports.map { $0.forOwner != nil } == [true, false, false, true])
        }
    }

    /// Whether programs in an endpoint may ever have a capability, by the kernel's number for it.
    private func capability(_ bit: Int, of endpoint: String, in bench: Bench) async throws -> Bool {
        let text = try await bench.shell("grep CapBnd /proc/self/status", in: endpoint).output
        let mask = try #require(UInt64(text.split(separator: "\t").last ?? "", radix: 16))
        return mask & 1 << UInt64(bit) != 0
    }
}

private func allowPrivileged(_ configuration: inout DockerConfiguration) { configuration.allowPrivileged = true }
private func hurry(_ configuration: inout DockerConfiguration) { configuration.endpointDeadline = .seconds(3) }
private func resolveSecrets(_ configuration: inout DockerConfiguration) {
    configuration.secrets = { Canary.secret("resolved-" + $0.name) }
}
