import AntidoteCore
import AntidoteLessons
import Foundation
import Testing

@testable import AntidoteCommands

@Suite("How to reach a lab")
struct AccessReportTests {
    private func report(
        backend: String = "docker",
        stage: Int = 0,
        showsPasswords: Bool = false,
        webHost: String = "127.0.0.1",
        notebook: Bool = false
    ) async throws -> AccessReport {
        var edition = try await ExampleLesson.edition()
        var endpoints = [
            ProvisionedEndpoint(name: "workstation", identity: "1", ports: [port(22, "127.0.0.1", 40022)]),
            ProvisionedEndpoint(name: "webserver", identity: "2", ports: [port(80, webHost, 40080)]),
        ]
        if notebook {
            edition.lesson.stages[stage].guide = Guide(kind: .jupyter, path: "stage0/notebook.ipynb")
            endpoints.append(
                ProvisionedEndpoint(
                    name: Guide.jupyterEndpointName,
                    identity: "3",
                    ports: [port(8888, "127.0.0.1", 48888)]
                )
            )
        }
        let id = TopologyID(
            instance: InstanceID(unchecked: "test"),
            store: StoreID(unchecked: "aaaaaaaaaaaaaaaa"),
            environment: EnvironmentID(unchecked: "bbbbbbbbbbbbbbbb"),
            incarnation: 1
        )
        return AccessReport(
            edition: edition,
            stage: stage,
            backend: backend,
            curriculumDirectory: "my-curriculum",
            provisioned: ProvisionedTopology(id: id, endpoints: endpoints),
            showsPasswords: showsPasswords
        )
    }

    private func port(_ number: Int, _ host: String, _ published: Int) -> ProvisionedPort {
        ProvisionedPort(
            number: number,
            transport: .tcp,
            inLab: HostAddress(host: "10.0.0.2", port: number),
            forOwner: HostAddress(host: host, port: published)
        )
    }

    private let ssh =
        "ssh -p 40022 -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null antidote@127.0.0.1"

    @Test func textTellsPeopleEverything() async throws {
        #expect(
            try await report(stage: 1).text == """

                Hello, network is ready, stage 1: Put up a sign

                  ENDPOINT     PRESENTATION  REACH IT
                  workstation  cli (ssh)     \(ssh)
                  webserver    web (http)    http://127.0.0.1:40080/

                  workstation: host 127.0.0.1, port 40022, user antidote, password is sshPassword in \
                images/workstation/image.meta.yaml (or add --show-passwords)
                  guide: my-curriculum/lessons/hello-network/stage1/guide.md

                """
        )
    }

    @Test func textShowsPasswordsToThoseWhoAsk() async throws {
        let text = try await report(showsPasswords: true).text
        #expect(text.contains("user antidote, password antidotepassword\n"))
    }

    @Test func textSaysThatTheFakeBackendIsFake() async throws {
        #expect(try await report(backend: "fake").text.hasSuffix("  (fake: nobody listens at these addresses)\n"))
        #expect(!(try await report().text.contains("fake")))
    }

    @Test func jsonIsOneStableObject() async throws {
        let json = try await report().json()
        #expect(json.hasSuffix("\n}\n"))
        let object = try JSONDecoder().decode(AccessObject.self, from: Data(json.utf8))
        #expect(object.lesson == "hello-network")
        #expect(object.stage == 0)
        #expect(object.backend == "docker")
        #expect(object.guide == "my-curriculum/lessons/hello-network/stage0/guide.md")
        #expect(object.presentations.map(\.endpoint) == ["workstation", "webserver"])
        #expect(object.presentations.map(\.type) == ["ssh", "http"])
        #expect(object.presentations.map(\.port) == [40022, 40080])
        #expect(object.presentations.map(\.command) == [ssh, nil])
        #expect(object.presentations.map(\.url) == [nil, "http://127.0.0.1:40080/"])
        #expect(object.presentations.map(\.user) == ["antidote", nil])
    }

    @Test func jsonHasPasswordsOnlyForThoseWhoAsk() async throws {
        #expect(!(try await report().json().contains("password")))
        let json = try await report(showsPasswords: true).json()
        let object = try JSONDecoder().decode(AccessObject.self, from: Data(json.utf8))
        #expect(object.presentations.map(\.password) == ["antidotepassword", nil])
    }

    @Test func anAddressOfTheSixthVersionIsBracketed() async throws {
        #expect(try await report(webHost: "::1").text.contains("http://[::1]:40080/"))
    }

    @Test func aNotebookIsReachedWhereItIsServed() async throws {
        let text = try await report(notebook: true).text
        #expect(text.contains("  guide: http://127.0.0.1:48888/notebooks/stage0/notebook.ipynb\n"))
    }
}
