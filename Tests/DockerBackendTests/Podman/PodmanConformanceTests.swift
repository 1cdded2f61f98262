import AntidoteCore
import AntidoteTesting
import HTTPTransport
import Testing

@testable import DockerBackend

/// Podman speaks Docker's API. What it does not do of it is what a lab's isolation hangs on.
@Suite("Podman", .timeLimit(.minutes(2)))
struct PodmanConformanceTests {
    @Test("the verdict says of every case that it cannot be asked, and why")
    func verdict() async throws {
        let verdict = try await BackendConformance(of: PodmanSubject()).run()
        let able = verdict.cases.filter { $0.outcome != .notAble }.map(\.id)
        #expect(able == [], "\(verdict.text)")
        let cases = verdict.cases.map(\.id)
        #expect(cases == BackendConformance.caseIDs)
        for finding in verdict.cases {
            #expect(finding.reason?.contains("Podman") == true)
            #expect(finding.reason?.contains("cannot keep a lab apart from its host") == true)
        }
    }

    @Test("every function refuses it by name, and nothing is made")
    func refused() async throws {
        let configuration = try PodmanSubject.configuration()
        let backend = try DockerBackend(configuration: configuration)
        let id = TopologyID(
            instance: configuration.instance,
            store: configuration.store,
            environment: RandomSource.system.environmentID(),
            incarnation: 1
        )
        let job = Job(id: JobID(unchecked: "job"), image: Bench.image, command: ["true"])
        let topology = Topology(id: id, endpoints: [.idle("box")])
        let functions: [(String, () async throws -> Void)] = [
            ("probe", { try await backend.probe() }),
            ("converge", { _ = try await backend.converge(topology, under: .unlimited, progress: .none) }),
            ("run", { _ = try await backend.run(job, in: id, under: .unlimited, progress: .none) }),
            ("destroy", { try await backend.destroy(id, under: .unlimited) }),
            ("inventory", { _ = try await backend.inventory() }),
            ("changes", { try await backend.withChanges { for try await _ in $0 {} } }),
        ]
        for (name, function) in functions {
            let error = await #expect(throws: AntidoteError.self, "\(name)") { try await function() }
            #expect(error?.code == .backendRefused, "\(name)")
            #expect(error?.disposition == .permanent, "\(name)")
            #expect(error?.message.hasPrefix("the engine is Podman ") == true, "\(name)")
            #expect(error?.recovery?.contains("Docker Engine 20.10") == true, "\(name)")
        }
        let client = try HTTPClient(configuration: .init(base: configuration.address?.base ?? .tcp(host: "", port: 0)))
        defer { client.shutdown() }
        for path in ["/v1.41/containers/json?all=1", "/v1.41/networks"] {
            let answer = try await client.execute(HTTPRequest(.get, path, deadline: .seconds(10)))
            #expect(answer.status == 200)
            #expect(!String(decoding: answer.body, as: UTF8.self).contains(configuration.instance.rawValue))
        }
    }

    @Test(
        "and still for its reason: it takes what closes a network for a comment",
        arguments: [BridgeOption.noAddress: "true", BridgeOption.masquerade: "false"]
    )
    func reason(_ option: String, _ value: String) async throws {
        let configuration = try PodmanSubject.configuration()
        let address = try #require(configuration.address)
        let client = try HTTPClient(configuration: .init(base: address.base))
        defer { client.shutdown() }
        let name = "reason-" + configuration.instance.rawValue
        let body = #"{"Name":"\#(name)","Driver":"bridge","Internal":true,"Options":{"\#(option)":"\#(value)"}}"#
        let made = try await client.execute(
            HTTPRequest(
                .post,
                "/v1.41/networks/create",
                headers: ["Content-Type": "application/json"],
                body: .bytes(Array(body.utf8)),
                deadline: .seconds(30)
            )
        )
        let removed = try await client.execute(HTTPRequest(.delete, "/v1.41/networks/\(name)", deadline: .seconds(30)))
        #expect(made.status == 201)
        #expect(removed.status < 300)
        // Where it is honoured, or refused, think again of what is refused.
        let answer = String(decoding: made.body, as: UTF8.self)
        #expect(answer.contains("\(option): \(value)") && answer.contains("not a recognized option"), "\(answer)")
    }
}
