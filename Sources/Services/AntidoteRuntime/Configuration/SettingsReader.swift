import AntidoteCore
import Configuration
import DockerBackend
import SystemPackage

/// Reads ``Settings``: the environment (`ANTIDOTE_…`) over the file, and flags, which the caller applies, over both.
public struct SettingsReader: Sendable {
    /// Where the file is looked for when nobody names one; it need not be there.
    public static let defaultFile = "/etc/antidote/antidote-config.yml"

    /// Every key that is known. Its environment variable is `ANTIDOTE_` and the key in capitals, `IMAGE_ORG` for
    /// `imageOrg`.
    public static let keys: [String] = Setting.all.map(\.key).sorted()

    private let file: String?
    private let environment: [String: String]

    /// - Parameter file: `nil`: the default one, if it is there.
    public init(file: String?, environment: [String: String]) {
        self.file = file
        self.environment = environment
    }

    /// Throws `configurationInvalid` with all problems at once.
    ///
    /// - Parameter check: What is wrong with the settings as a whole.
    public func read(checking check: (Settings) -> [SettingsProblem] = { _ in [] }) async throws -> Settings {
        let path = file ?? SettingsReader.defaultFile
        let document = try ConfigurationDocument(path: path, isRequired: file != nil)
        var problems = document.problems(knowing: SettingsReader.keys)
        let reader = ConfigReader(providers: [
            EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "antidote"),
            try await provider(document),
        ])
        var settings = Settings()
        var unread: [String] = []
        for setting in Setting.all
        where document.keys.contains(setting.key) || environment[setting.variable] != nil {
            do {
                try setting.apply(reader, &settings)
                continue
            } catch let error as AntidoteError {
                problems.append("\(setting.key): \(error.message)")
            } catch {
                problems.append("\(setting.key) (or \(setting.variable)) must be \(setting.form)")
            }
            unread.append(setting.key)
        }
        // What could not be read is not missing.
        problems += check(settings).filter { $0.keys.allSatisfy { !unread.contains($0) } }.map(\.sentence)
        guard problems.isEmpty else {
            throw AntidoteError(
                .configurationInvalid,
                problems.joined(separator: "; "),
                advice: "Mend them in \(path) or in the environment.",
                place: path
            )
        }
        return settings
    }

    private func provider(_ document: ConfigurationDocument) async throws -> any ConfigProvider {
        // The provider takes a text without any setting for an error.
        if document.keys.isEmpty { return InMemoryProvider(values: [:]) }
        do {
            return try await FileProvider<YAMLSnapshot>(filePath: FilePath(document.path))
        } catch {
            // The cause may quote the file, and with it passwords.
            throw AntidoteError(
                .configurationInvalid,
                "its values are not those of settings",
                advice: "Write one “setting: value” a line.",
                place: document.path
            )
        }
    }
}

/// Something that is wrong with settings as a whole, such as one that is missing.
public struct SettingsProblem: Sendable, Hashable {
    /// The settings that it is about: one of them that could not be read is not missing, and explains it.
    public let keys: [String]
    /// For people, with what to do.
    public let sentence: String

    init(_ keys: [String], _ error: AntidoteError) {
        self.keys = keys
        let advice = error.advice.map { " (\($0.hasSuffix(".") ? String($0.dropLast()) : $0))" }
        sentence = error.message + (advice ?? "")
    }
}
