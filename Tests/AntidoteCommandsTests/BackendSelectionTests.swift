import AntidoteCore
import Foundation
import Testing

@testable import AntidoteRuntime
@testable import DockerBackend

@Suite("Which backend")
struct BackendSelectionTests {
    private let nowhere = "unix:///nonexistent/docker.sock"

    private func failure(
        _ choice: BackendChoice,
        _ environment: [String: String],
        _ settings: Settings = Settings()
    )
        async -> AntidoteError?
    {
        await #expect(throws: AntidoteError.self) {
            try await BackendSelection.select(choice, settings: settings, environment: environment)
        }
    }

    @Test func withoutAnyEngineAutoIsTheFakeOneAndSaysSo() async throws {
        var discovery = EngineDiscovery(environment: ["HOME": "/nonexistent"]) { _ in true }
        discovery.usualSockets = ["/nonexistent/docker.sock"]
        let (selection, why) = try await BackendSelection.select(.auto, discovery: discovery)
        #expect(selection.name == "fake")
        #expect(
            why == "No Docker Engine answers (there is no Docker Engine at \(nowhere): the socket does not exist): "
                + "using the fake backend, which builds nothing."
        )
    }

    @Test(arguments: ["DOCKER_HOST", "setting"])
    func anEngineThatIsNamedAndDoesNotAnswerIsAnError(way: String) async {
        var settings = Settings()
        if way == "setting" { settings.dockerHost = nowhere }
        let environment = ["HOME": "/nonexistent"].merging(way == "setting" ? [:] : [way: nowhere]) { $1 }
        let error = await failure(.auto, environment, settings)
        #expect(error?.code == .backendUnavailable)
        #expect(error?.message.contains(nowhere) == true)
    }

    @Test func aContextThatDoesNotAnswerIsAnError() async throws {
        let folder = try Folder()
        let place = folder.path + "/contexts/meta/abc"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        _ = try folder.write("config.json", #"{"currentContext":"remote"}"#)
        _ = try folder.write(
            "contexts/meta/abc/meta.json",
            #"{"Name":"remote","Endpoints":{"docker":{"Host":"unix:///nonexistent/docker.sock"}}}"#
        )
        let environment = ["HOME": "/nonexistent", "DOCKER_CONFIG": folder.path]
        #expect(await failure(.auto, environment)?.code == .backendUnavailable)
        let unknown = environment.merging(["DOCKER_CONTEXT": "other"]) { $1 }
        #expect(await failure(.auto, unknown)?.code == .configurationInvalid)
    }

    @Test func theFakeOneNeedsNoEngine() async throws {
        let environment = ["DOCKER_HOST": "gopher://engine"]
        let (selection, why) = try await BackendSelection.select(.fake, settings: Settings(), environment: environment)
        #expect(selection.name == "fake")
        #expect(why == nil)
        #expect(await failure(.auto, environment)?.code == .configurationInvalid)
    }
}
