import AntidoteCore
import DockerBackend
import Foundation
import Testing

@testable import AntidoteHost

@Suite("Settings")
struct SettingsReaderTests {
    /// A key, its variable, a value, and whether the settings have it.
    struct Case: Sendable, CustomTestStringConvertible {
        var key: String
        var variable: String
        var value: String
        var holds: @Sendable (Settings) -> Bool

        var testDescription: String { key }
    }

    static let cases = [
        Case(key: "backend", variable: "ANTIDOTE_BACKEND", value: "fake") { $0.backend == .fake },
        Case(key: "curriculumDir", variable: "ANTIDOTE_CURRICULUM_DIR", value: "/c") { $0.curriculumDirectory == "/c" },
        Case(key: "imageOrg", variable: "ANTIDOTE_IMAGE_ORG", value: "org") { $0.imageOrganisation == "org" },
        Case(key: "curriculumVersion", variable: "ANTIDOTE_CURRICULUM_VERSION", value: "v2") {
            $0.curriculumVersion == "v2"
        },
        Case(key: "labDirectory", variable: "ANTIDOTE_LAB_DIRECTORY", value: "/lab") { $0.labDirectory == "/lab" },
        Case(key: "dockerHost", variable: "ANTIDOTE_DOCKER_HOST", value: "unix:///d") { $0.dockerHost == "unix:///d" },
        Case(key: "gateImage", variable: "ANTIDOTE_GATE_IMAGE", value: "g:1") { $0.gateImage == "g:1" },
        Case(key: "configuratorImage", variable: "ANTIDOTE_CONFIGURATOR_IMAGE", value: "c:1") {
            $0.configuratorImage == "c:1"
        },
        Case(key: "jupyterImage", variable: "ANTIDOTE_JUPYTER_IMAGE", value: "j:1") { $0.jupyterImage == "j:1" },
        Case(key: "alwaysPull", variable: "ANTIDOTE_ALWAYS_PULL", value: "true") { $0.alwaysPull },
        Case(key: "allowEgress", variable: "ANTIDOTE_ALLOW_EGRESS", value: "true") { $0.allowEgress },
        Case(key: "allowPrivileged", variable: "ANTIDOTE_ALLOW_PRIVILEGED", value: "true") { $0.allowPrivileged },
        Case(key: "provisionDeadline", variable: "ANTIDOTE_PROVISION_DEADLINE", value: "7") {
            $0.policy.provisionDeadline == .seconds(7)
        },
        Case(key: "endpointDeadline", variable: "ANTIDOTE_ENDPOINT_DEADLINE", value: "8") {
            $0.endpointDeadline == .seconds(8)
        },
        Case(key: "pullDeadline", variable: "ANTIDOTE_PULL_DEADLINE", value: "9") {
            $0.policy.pullDeadline == .seconds(9)
        },
        Case(key: "jobDeadline", variable: "ANTIDOTE_JOB_DEADLINE", value: "10") { $0.jobDeadline == .seconds(10) },
        Case(
            key: "registryCredentials",
            variable: "ANTIDOTE_REGISTRY_CREDENTIALS",
            value: "reg.example:5000=ada:p:w=1"
        ) { settings in
            settings.registryCredentials == [
                "reg.example:5000": RegistryCredential(username: "ada", password: Secret("p:w=1"))
            ]
        },
    ]

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
        #expect(SettingsReaderTests.cases.map(\.key).sorted() == SettingsReader.keys)
    }

    @Test(arguments: cases)
    func everyKeyIsReadFromTheFile(_ one: Case) async throws {
        #expect(!one.holds(Settings()))
        let value = one.key == "registryCredentials" ? "[\"\(one.value)\"]" : one.value
        #expect(one.holds(try await read("\(one.key): \(value)\n")))
    }

    @Test(arguments: cases)
    func everyKeyIsReadFromTheEnvironment(_ one: Case) async throws {
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
        let all = Dictionary(uniqueKeysWithValues: SettingsReaderTests.cases.map { ($0.variable, "x") })
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
        #expect(error?.place == "/nonexistent/settings.yml")
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
        #expect(error.place?.hasSuffix("settings.yml:3:1") == true)
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
