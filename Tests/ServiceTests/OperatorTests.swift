import AntidoteCore
import HostPrograms
import Testing

extension ServiceTests {
    /// What operators are told of an installation, and of their own mistakes.
    @Suite struct OperatorTests {
        private static let mistakes: [([String], Int32, String)] = [
            (["delete", "livelesson", nobody], 1, "error[notFound]: there is no live lesson \(nobody)\n"),
            (["delete", "session", nobody], 1, "error[notFound]: there is no session \(nobody)\n"),
            (["explain", nobody], 1, "error[notFound]: there is no live lesson \(nobody)\n"),
            (["persist", nobody], 1, "error[notFound]: there is no session \(nobody)\n"),
            (
                ["explain", "../../etc/passwd"], 1,
                "error[invalidIdentifier]: “../../etc/passwd” is not a valid EnvironmentID\n"
            ),
            (
                ["get", "livelessons", "--phase", "SLEEPING"], 64,
                "Error: The value 'SLEEPING' is invalid for '--phase <phase>'. Please provide one of the following:\n"
            ),
            (["get", "events", "--limit", "many"], 64, "Error: The value 'many' is invalid for '--limit <limit>'\n"),
            (["get", "lessons"], 64, "Error: Unknown option '--config'\nUsage: antidote get <subcommand>\n"),
            (["delete", "livelesson"], 64, "Error: Missing expected argument '<id>'\n"),
            (
                ["import", "/nonexistent"], 1,
                "error[curriculumInvalid]: .: the directory “/nonexistent” is not there [curriculum-missing]\n"
            ),
            (["db", "init"], 78, "the database holds a store of Antidote already, or what is left of one\n"),
        ]
        private static let nobody = "aaaaaaaaaaaaaaaa"

        @Test func whoAsksForWhatIsNotThereIsTold() async throws {
            let installation = try await Installation()
            for (arguments, status, message) in Self.mistakes {
                let done = try await installation.run(
                    "antidote",
                    arguments + ["--config", try installation.configuration()]
                )
                #expect(done.status == status, "\(arguments): \(done)")
                #expect(done.errors.contains(message), "\(arguments): \(done)")
                #expect(done.output.isEmpty, "\(arguments): \(done)")
            }
        }

        @Test func anErrorIsAnObjectForPrograms() async throws {
            let installation = try await Installation()
            let done = try await installation.antidote("explain", "aaaaaaaaaaaaaaaa", "--output", "json")
            #expect(done.status == 1)
            let told = try done.read(Rows.ErrorDocument.self)
            #expect(told.error.code == "notFound" && told.error.advice?.contains("get livelessons") == true)
        }

        @Test func theDoctorFindsNothingWrong() async throws {
            let installation = try await Installation()
            let findings = try await installation.list([Rows.Finding].self, "doctor")
            #expect(
                findings.map(\.part)
                    == ["configuration", "versions", "store", "bus", "curriculum", "clock", "backend", "labs"]
            )
            #expect(findings[1].detail.contains("antidote \(AntidoteRelease.version) made them"), "\(findings[1])")
            #expect(findings.allSatisfy { $0.verdict == "works" }, "\(findings)")
        }

        @Test func theDoctorNamesWhatIsBroken() async throws {
            var installation = try await Installation(isEmpty: true)
            installation.settings["natsPassword"] = "guessed"
            let done = try await installation.antidote("doctor", "--output", "json")
            #expect(done.status == 1, "\(done)")
            let findings = try done.read([Rows.Finding].self)
            let store = try #require(findings.first { $0.part == "store" })
            #expect(store.verdict == "broken" && store.advice?.contains("antidote db init") == true, "\(findings)")
            let bus = try #require(findings.first { $0.part == "bus" })
            #expect(bus.verdict == "broken" && bus.detail.contains("[busDenied]"), "\(findings)")
            #expect(findings.first { $0.part == "backend" }?.verdict == "works", "\(findings)")
            #expect(!done.output.contains("guessed"))
        }

        @Test func theDoctorFindsLabsOfNobody() async throws {
            let installation = try await Installation(["orphanGrace": "100000"])
            let id = try await installation.running { api, _, _ in
                try await Visitor.arrived(at: api).learn("lesson-1").id
            }
            try await installation.sql("delete from antidote_state_environments where id = '\(id)'")
            let findings = try await installation.list([Rows.Finding].self, "doctor")
            let labs = try #require(findings.first { $0.part == "labs" })
            #expect(labs.verdict == "warning" && labs.detail.contains("1 of 1"), "\(findings)")
        }
    }
}
