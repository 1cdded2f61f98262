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
    public func read() async throws -> Settings {
        let path = file ?? SettingsReader.defaultFile
        let document = try ConfigurationDocument(path: path, isRequired: file != nil)
        var problems = document.problems(knowing: SettingsReader.keys)
        let reader = ConfigReader(providers: [
            EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "antidote"),
            try await provider(path),
        ])
        var settings = Settings()
        for setting in Setting.all
        where document.keys.contains(setting.key) || environment[setting.variable] != nil {
            do {
                try setting.apply(reader, &settings)
            } catch let error as AntidoteError {
                problems.append("\(setting.key): \(error.message)")
            } catch {
                problems.append("\(setting.key) (or \(setting.variable)) must be \(setting.form)")
            }
        }
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

    private func provider(_ path: String) async throws -> any ConfigProvider {
        do {
            return try await FileProvider<YAMLSnapshot>(filePath: FilePath(path), allowMissing: file == nil)
        } catch {
            throw AntidoteError(
                .configurationInvalid,
                "the file cannot be read as YAML",
                advice: "Look at it with a YAML checker, and allow reading it.",
                place: path,
                cause: error
            )
        }
    }
}
