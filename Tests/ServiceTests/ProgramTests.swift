import ChaosScenario
import Foundation
import HostPrograms
import Testing

extension ServiceTests {
    /// What each program says of itself, and of a configuration that cannot work.
    @Suite struct ProgramTests {
        private static let services = ["antidote-api", "antidote-scheduler", "antidote-gc"]

        private func run(_ program: String, _ arguments: String...) async throws -> Finished {
            let servers = try #require(ServiceTests.servers)
            return try await Finished.run(servers.folder.program(program), arguments)
        }

        @Test(arguments: services) func helpTeaches(_ program: String) async throws {
            let help = try await run(program, "--help")
            #expect(help.status == 0 && help.errors.isEmpty)
            for word in ["--config", "ANTIDOTE_", "instanceId", "natsUrl", "otlpEndpoint", "gcInterval", "SIGTERM"] {
                #expect(help.output.contains(word), "\(program) --help does not say \(word)")
            }
            let version = try await run(program, "--version")
            #expect(version.status == 0)
            #expect(version.output.split(separator: ".").count == 3, "\(version)")
            #expect(try await run(program, "--port", "1").status == 64)
            #expect(try await run(program, "now").status == 64)
        }

        @Test(arguments: [
            ["db", "init"], ["import"], ["get", "livelessons"], ["get", "sessions"], ["get", "events"],
            ["delete", "livelesson"], ["delete", "session"], ["persist"], ["explain"], ["doctor"], ["up"],
        ])
        func helpOfCommandsTeaches(_ command: [String]) async throws {
            let servers = try #require(ServiceTests.servers)
            let help = try await Finished.run(servers.folder.program("antidote"), command + ["--help"])
            #expect(help.status == 0 && help.errors.isEmpty)
            #expect(help.output.contains("OVERVIEW") && help.output.contains("--config"), "\(help)")
        }

        @Test(arguments: services) func everythingWrongIsToldAtOnce(_ program: String) async throws {
            let servers = try #require(ServiceTests.servers)
            let file = try servers.folder.write(
                "wrong-\(program).yml",
                """
                natsUlr: nats://127.0.0.1
                httpPort: 99999
                leaseDuration: soon
                databaseUrl: postgresql://127.0.0.1/x
                stateFile: /tmp/x.sqlite
                otlpEndpoint: nonsense
                trustedProxies: everybody
                """
            )
            let done = try await run(program, "--config", file)
            #expect(done.status == 78, "\(done)")
            #expect(done.errors.contains("error[configurationInvalid]: \(file)"))
            for problem in [
                "there is no setting “natsUlr”; did you mean “natsUrl”?", "httpPort", "leaseDuration",
                "instanceId is not set", "databaseUrl and stateFile are both set", "natsUrl is not set",
                "backend is not set", "otlpEndpoint", "trustedProxies",
            ] {
                #expect(done.errors.contains(problem), "not told of \(problem): \(done)")
            }
        }

        @Test(arguments: services) func aFileThatIsNotThereIsNamed(_ program: String) async throws {
            let done = try await run(program, "--config", "/nonexistent.yml")
            #expect(done.status == 78 && done.errors.contains("/nonexistent.yml"), "\(done)")
        }
    }
}
