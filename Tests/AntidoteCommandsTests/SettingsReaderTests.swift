import AntidoteCore
import DockerBackend
import Foundation
import Testing

@testable import AntidoteRuntime

@Suite("Settings")
struct SettingsReaderTests {
    private func read(_ yaml: String?, _ environment: [String: String] = [:]) async throws -> Settings {
        guard let yaml else { return try await SettingsReader(file: nil, environment: environment).read() }
        let folder = try Folder()
        let file = try folder.write("settings.yml", yaml)
        return try await SettingsReader(file: file, environment: environment).read()
    }

    private func failure(_ yaml: String?, _ environment: [String: String] = [:]) async -> AntidoteError? {
        await #expect(throws: AntidoteError.self) { try await read(yaml, environment) }
    }

    @Test func everyKeyHasACase() {
        #expect(SettingCase.all.map(\.key).sorted() == SettingsReader.keys)
    }

    @Test(arguments: SettingCase.all)
    func everyKeyIsReadFromTheFile(_ one: SettingCase) async throws {
        #expect(!one.holds(Settings()))
        let value = one.key == "registryCredentials" ? "[\"\(one.value)\"]" : one.value
        #expect(one.holds(try await read("\(one.key): \(value)\n")))
    }

    @Test(arguments: SettingCase.all)
    func everyKeyIsReadFromTheEnvironment(_ one: SettingCase) async throws {
        #expect(one.holds(try await read("{}", [one.variable: one.value])))
    }

    @Test func theEnvironmentIsStrongerThanTheFile() async throws {
        let settings = try await read(
            "imageOrg: file\njobDeadline: 1\nlabDirectory: /file\n",
            ["ANTIDOTE_IMAGE_ORG": "environment", "ANTIDOTE_JOB_DEADLINE": "2"]
        )
        #expect(settings.imageOrganisation == "environment")
        #expect(settings.jobDeadline == .seconds(2))
        #expect(settings.labDirectory == "/file")
    }

    @Test(arguments: ["", "# nothing yet\n", "---\n", "{}"])
    func anEmptyFileChangesNothing(yaml: String) async throws {
        let settings = try await read(yaml)
        #expect(settings.imageOrganisation == Settings().imageOrganisation)
        #expect(settings.backend == .auto)
    }

    @Test func tellsAllProblemsAtOnce() async throws {
        let error = try #require(
            await failure(
                "imagOrg: x\nbackend: podman\nalwaysPull: perhaps\njobDeadline: 0\npullDeadline: soon\nzzzzzzzzzz: 1\n"
            )
        )
        #expect(error.code == .configurationInvalid)
        for part in [
            "there is no setting “imagOrg”; did you mean “imageOrg”?", "there is no setting “zzzzzzzzzz”;",
            "backend (or ANTIDOTE_BACKEND) must be one of auto, docker, fake",
            "alwaysPull (or ANTIDOTE_ALWAYS_PULL) must be true or false",
            "jobDeadline: 0 is not a sensible number of seconds",
            "pullDeadline (or ANTIDOTE_PULL_DEADLINE) must be a number of seconds",
        ] {
            #expect(error.message.contains(part), "\(error.message)")
        }
    }

    @Test(arguments: [
        Setting.natsUser.name, Setting.natsPassword.name, Setting.natsToken.name, Setting.natsCredentialsFile.name,
        Setting.natsCaFile.name,
    ])
    func `a problem with the bus is not reported if one of its settings cannot be read`(key: String) async throws {
        let folder = try Folder()
        func message(_ yaml: String) async throws -> String {
            let file = try folder.write("settings.yml", "instanceId: prod\nstateFile: /s\nnatsUrl: nats://h\n\(yaml)")
            let error = try #require(
                await #expect(throws: AntidoteError.self) {
                    try await SettingsReader(file: file, environment: [:]).read {
                        ServiceProgram.problems("antidote", roles: Set(ServiceRole.allCases), $0)
                    }
                }
            )
            return error.message
        }
        #expect(try await message("").contains("no credentials for NATS"))
        #expect(try await message("\(key): [a, b]\n") == "\(key) (or \(variable(key))) must be a text")
    }

    private func variable(_ key: String) -> String {
        SettingCase.all.first { $0.key == key }?.variable ?? ""
    }

    @Test(arguments: ["reg=ada", "reg", "ada:hunter2", "=", "reg=:hunter2"])
    func aSecretIsNeverInAnError(entry: String) async throws {
        let error = try #require(await failure(nil, ["ANTIDOTE_REGISTRY_CREDENTIALS": entry]))
        #expect(error.code == .configurationInvalid)
        let text = "\(error) \(error.debugDescription) \(String(reflecting: error))"
        #expect(!text.contains("hunter2"))
        #expect(text.contains("registry=user:password"))
    }

    @Test func anUnknownVariableIsToldInOneLineWithoutItsValue() throws {
        let warning = try #require(
            SettingsReader.warning(about: [
                "ANTIDOTE_BAKEND": "hunter2", "ANTIDOTE_ZZZZZZZZ": "hunter2", "ANTIDOTE_IMAGE_ORG": "x",
                "ANTIDOTE_TEST_DOCKER_SOCKET": "/s", "ANTIDOTE_ENGINE_DIR": "/e", "ANTIDOTE_TARGET_HOST": "h",
                "PATH": "/bin",
            ])
        )
        #expect(
            warning
                == "warning: no such setting, ignored: ANTIDOTE_BAKEND (did you mean ANTIDOTE_BACKEND?), ANTIDOTE_ZZZZZZZZ"
        )
    }

    @Test func theVariablesOfAllSettingsAreKnown() {
        let all = Dictionary(uniqueKeysWithValues: SettingCase.all.map { ($0.variable, "x") })
        #expect(SettingsReader.warning(about: all) == nil)
    }

    @Test func manyUnknownVariablesStayALine() throws {
        let many = Dictionary(uniqueKeysWithValues: (10..<30).map { ("ANTIDOTE_X\($0)", "") })
        #expect(try #require(SettingsReader.warning(about: many)).hasSuffix("ANTIDOTE_X14 and 15 more"))
    }

    @Test func aFileThatIsNamedMustBeThere() async throws {
        let error = await #expect(throws: AntidoteError.self) {
            try await SettingsReader(file: "/nonexistent/settings.yml", environment: [:]).read()
        }
        #expect(error?.code == .configurationInvalid)
        #expect(error?.subject == "/nonexistent/settings.yml")
    }

    @Test(arguments: [
        "registryCredentials: [\"reg=ada:hunter2\"", "registryCredentials: \"reg=ada:hunter2\nimageOrg: x\n",
        "registryCredentials: {reg: hunter2}", "registryCredentials: reg=hunter2", "hunter2", "- hunter2",
        "registryCredentials: [\"reg=a:hunter2\"]\nregistryCredentials: [\"reg=a:hunter2\"]\n",
    ])
    func aBrokenFileIsNotQuoted(yaml: String) async throws {
        let error = try #require(await failure(yaml))
        #expect(error.code == .configurationInvalid)
        #expect(!"\(error) \(error.debugDescription) \(String(reflecting: error))".contains("hunter2"))
    }

    @Test func aMistakeIsFoundByLineAndColumn() async throws {
        let error = try #require(await failure("imageOrg: x\nbackend: [\n"))
        #expect(error.subject?.hasSuffix("settings.yml:3:1") == true)
    }

    @Test(arguments: ["a: [", "\u{0}", "- just\n- a list\n", "just words"])
    func whatIsNoMappingIsAnError(yaml: String) async throws {
        #expect(try #require(await failure(yaml)).code == .configurationInvalid)
    }

    @Test func aFileWithOtherBytesIsAnError() async throws {
        let folder = try Folder()
        let file = "\(folder.path)/settings.yml"
        try Data([0xFF, 0xFE, 0x00, 0x80]).write(to: URL(fileURLWithPath: file))
        let error = await #expect(throws: AntidoteError.self) {
            try await SettingsReader(file: file, environment: [:]).read()
        }
        #expect(error?.code == .configurationInvalid)
    }

    @Test func aDirectoryIsNoFile() async throws {
        let folder = try Folder()
        let error = await #expect(throws: AntidoteError.self) {
            try await SettingsReader(file: folder.path, environment: [:]).read()
        }
        #expect(error?.code == .configurationInvalid)
    }
}
