import AntidoteCore
import Foundation
import HTTPTransport
import SecretCanaries
import Testing

@testable import DockerBackend

@Suite("Secrets")
struct SecretTests {
    private func configure(_ configuration: inout DockerConfiguration) {
        configuration.secrets = { Canary.secret("resolved-" + $0.name) }
        let credential = RegistryCredential(username: "me", password: Canary.secret("registry"))
        configuration.registryCredentials = ["registry.example": credential]
    }

    private func job(_ script: String, deadline: Duration = .seconds(60)) -> Job {
        Job(
            id: JobID(unchecked: "leaky"),
            endpoint: "box",
            image: Bench.image,
            command: ["/bin/sh", "-c", script],
            environment: [
                "TOKEN": .secret(Canary.secret("job")), "NAMED": .reference(SecretReference(name: "job")),
                "LINES": .secret(Secret("\(Canary.text("line-1"))\r\n\(Canary.text("line-2"))\n")),
            ],
            deadline: deadline
        )
    }

    @Test("the engine has them in the environment of the container that needs them, and nowhere else")
    func engine() async throws {
        try await Bench.with(configure) { bench in
            let word = "word-\(bench.configuration.instance)"
            var box = Endpoint.idle("box")
            box.environment = ["A": .secret(Canary.secret("endpoint")), "B": .reference(SecretReference(name: "b"))]
            box.command = ["/bin/sh", "-c", "tail -f /dev/null; exit", word]
            box.arguments = []
            let link = Connection(
                name: "link",
                subnet: try #require(IPv4Subnet("10.9.0.0/24")),
                attachments: try [("box", "10.9.0.1"), ("web", "10.9.0.2")].map { endpoint, address in
                    .init(endpoint: endpoint, address: try #require(IPv4Address(address)), interface: "net0")
                }
            )
            let topology = bench.topology([box, .web("web")], connections: [link])
            let first = try await bench.converge(topology)
            let result = try await bench.recorded.run(job("true"), in: bench.id, under: .unlimited, progress: .none)
            #expect(result.exitStatus == 0)
            var holders: [String] = []
            for container in try await bench.containers() {
                let (text, variables) = try await inspect(container.id, in: bench)
                #expect(!text.contains(Canary.marker), "\(container.names)")
                if variables.contains(where: { $0.contains(Canary.marker) }) {
                    holders.append(container.labels[Label.role] ?? "")
                }
            }
            #expect(holders.sorted() == ["endpoint", "job"])
            for network in try await bench.networks() {
                let answer = try await bench.client.perform(.init("network.inspect", .get, ["networks", network.id]))
                #expect(!String(decoding: answer.body, as: UTF8.self).contains(Canary.marker))
            }
            #if os(Linux)
            let processes = try processes()
            #expect(processes.contains { $0.contains(word) })
            #expect(!processes.contains { $0.contains(Canary.marker) })
            #endif
            // It is known again, and a changed secret is seen, although no label tells of either.
            #expect(try await bench.converge(topology) == first)
            var changed = topology
            changed.endpoints[0].environment["A"] = .secret(Canary.secret("changed"))
            let second = try await bench.converge(changed)
            #expect(second[endpoint: "box"]?.identity != first[endpoint: "box"]?.identity)
            #expect(second[endpoint: "web"] == first[endpoint: "web"])
            #expect(try await bench.shell("echo $A", in: "box").output == Canary.text("changed"))
        }
    }

    @Test(
        "a job that prints its secrets does not show them",
        arguments: [
            ("echo $TOKEN", "<redacted>\n"), ("echo $NAMED >&2; exit 1", "<redacted>\n"),
            (#"printf '\033[1m%s\033[0m\302\233%s\314\201' "$TOKEN" "$NAMED""#, "<redacted><redacted>\u{301}"),
            ("printf %s.. \"$LINES\" | tr -d '\\r'", "<redacted>.."),
            ("echo \"$LINES\" | tail -n 2 | head -n 1", "<redacted>\n"),
            ("yes \"$TOKEN\" | tr -d '\\n' | head -c 200000", nil),
        ]
    )
    func printed(script: String, shown: String?) async throws {
        try await Bench.with(configure) { bench in
            _ = try await bench.converge(bench.topology([.idle("box")]))
            let result = try await bench.recorded.run(job(script), in: bench.id, under: .unlimited, progress: .none)
            if let shown { #expect(result.outputTail == shown) }
            // Not its end either, where the beginning is cut off.
            #expect(!result.outputTail.contains("vb2-"), "\(result.outputTail.prefix(200))")
            #expect(result.outputTail.contains("<redacted>"))
        }
    }

    @Test("a job that is stopped for its deadline does not show them in its error")
    func stopped() async throws {
        try await Bench.with(configure) { bench in
            _ = try await bench.converge(bench.topology([.idle("box")]))
            let job = job("echo $TOKEN $NAMED; exec tail -f /dev/null", deadline: .seconds(2))
            let error = await #expect(throws: AntidoteError.self) {
                try await bench.recorded.run(job, in: bench.id, under: .unlimited, progress: .none)
            }
            #expect(error?.logTail == "<redacted> <redacted>\n")
            #expect(!everything(of: error).contains(Canary.marker))
        }
    }

    @Test("an environment that fails with them tells of them in no row, event, message or progress")
    func environment() async throws {
        let store = InMemoryStateStore(time: .system, random: .system)
        func change(_ configuration: inout DockerConfiguration) {
            configure(&configuration)
            configuration.store = store.id
        }
        try await Bench.with(change) { bench in
            let job = job("echo $TOKEN $NAMED; exit 1")
            let bus = InProcessBus()
            let instance = EmbeddedInstance(
                id: bench.configuration.instance,
                backend: bench.recorded,
                planners: [
                    "test": FunctionPlanner { request in
                        EnvironmentPlan(topology: Topology(id: request.id, endpoints: [.idle("box")]), jobs: [job])
                    }
                ],
                policy: SchedulingPolicy(retry: RetryPolicy(firstPause: .milliseconds(1), maxAttempts: 1)),
                store: store,
                bus: RecordedBus(bus)
            )
            let messages = try await bus.withSubscription(to: SubjectPattern(">")) { stream in
                try await instance.withRunning { running in
                    let id = try await running.start(EnvironmentSource(kind: "test", name: "leaky"))
                    let failure = try #require(try await running.failure(of: id))
                    #expect(failure.logTail == "<redacted> <redacted>\n")
                    #expect(!everything(of: failure).contains(Canary.marker))
                    let row = try await running.store.environment(id)
                    var texts = [try json(#require(row))]
                    for event in try await running.store.events(of: id, after: 0) {
                        let told = CloudEvent(event, instance: bench.configuration.instance)
                        texts += [try json(event), String(decoding: told.encoded(), as: UTF8.self)]
                    }
                    #expect(texts.count >= 5)
                    for text in texts {
                        Record.write(.events, text)
                        #expect(!text.contains(Canary.marker))
                    }
                }
                // What was said is in the stream already; it ends with a word of ours.
                try await bus.publish(BusMessage(subject: "end", payload: []))
                var messages: [BusMessage] = []
                for await message in stream {
                    if message.subject == "end" { break }
                    messages.append(message)
                }
                return messages
            }
            #expect(messages.contains { $0.subject.hasSuffix(".environment.failed") })
            for message in messages {
                #expect(!String(decoding: message.payload, as: UTF8.self).contains(Canary.marker), "\(message.subject)")
            }
        }
    }

    @Test("a registry that repeats what it was told is not quoted with it")
    func echoed() throws {
        let credential = RegistryCredential(
            username: "me",
            password: Canary.secret("registry"),
            identityToken: Canary.secret("token")
        )
        let basic = Data("me:\(Canary.text("registry"))".utf8).base64EncodedString()
        let error = AntidoteError.pullFailed(
            "r.example/x",
            says: "denied: \(Canary.text("registry")), \(Canary.text("token")), Basic \(basic)\u{1B}[2J",
            credential: credential
        )
        #expect(error.message.hasSuffix("denied: <redacted>, <redacted>, Basic <redacted>"))
        #expect(error.code == .registryDenied)
    }

    @Test("a name and a password in an engine's address are refused, and not repeated")
    func address() throws {
        for text in [
            "tcp://me:\(Canary.text("address"))@host:2375", "https://\(Canary.text("address"))@host",
            "\(Canary.text("address"))@host", "ssh://me:\(Canary.text("address"))@host",
        ] {
            let error = #expect(throws: AntidoteError.self) { _ = try EngineDiscovery.parse(text, settings: nil) }
            #expect(!everything(of: error).contains(Canary.marker))
            #expect(error?.message.contains("host") == true)
        }
    }

    @Test("a variable that no process can have is refused before the engine would quote it")
    func noSuchVariable() async throws {
        try await Bench.with { bench in
            var box = Endpoint.idle("box")
            box.environment = ["A": .secret(Secret(Canary.text("endpoint") + "\u{0}"))]
            let topology = bench.topology([box])
            let error = await #expect(throws: AntidoteError.self) { try await bench.converge(topology) }
            #expect(error?.code == .invalidTopology)
            #expect(!everything(of: error).contains(Canary.marker))
        }
    }

    /// All that the engine says of a container without its environment variables, and those.
    private func inspect(_ id: String, in bench: Bench) async throws -> (text: String, variables: [String]) {
        let answer = try await bench.client.perform(.init("container.inspect", .get, ["containers", id, "json"]))
        var details = try #require(JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
        var configuration = try #require(details["Config"] as? [String: Any])
        let variables = configuration.removeValue(forKey: "Env") as? [String] ?? []
        details["Config"] = configuration
        let rest = try JSONSerialization.data(withJSONObject: details, options: .withoutEscapingSlashes)
        return (String(decoding: rest, as: UTF8.self), variables)
    }

    /// The arguments of all processes of this machine.
    private func processes() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }.compactMap { pid in
            FileManager.default.contents(atPath: "/proc/\(pid)/cmdline").map { String(decoding: $0, as: UTF8.self) }
        }
    }

    private func everything(of error: AntidoteError?) -> String {
        guard let error else { return Canary.marker }
        var all = "\(error)\n\(String(reflecting: error))\n"
        dump(error, to: &all)
        return all
    }

    private func json(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }
}
