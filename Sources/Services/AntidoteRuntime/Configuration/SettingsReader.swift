import AntidoteCore
import Configuration
import SystemPackage

/// Reads ``Settings`` from a file and from environment variables, which take precedence. Flags are up to the caller.
public struct SettingsReader: Sendable {
    /// The file that is read if no other is named. It need not exist.
    public static let defaultFile = "/etc/antidote/antidote-config.yml"

    /// Every known key, sorted. Its environment variable is `ANTIDOTE_` and the key in capitals: `ANTIDOTE_IMAGE_ORG`
    /// for `imageOrg`.
    public static let keys: [String] = Setting.all.map(\.name).sorted()

    private let file: String?
    private let environment: [String: String]

    /// - Parameter file: `nil`: ``defaultFile``, if it exists.
    public init(file: String?, environment: [String: String]) {
        self.file = file
        self.environment = environment
    }

    /// Throws one `configurationInvalid` that lists all problems.
    ///
    /// - Parameter check: Returns problems of the settings as a whole. A problem with a setting whose value could not
    ///   be read is left out, because the reading error explains it.
    public func read(checking check: (Settings) -> [SettingsProblem] = { _ in [] }) async throws -> Settings {
        let path = file ?? SettingsReader.defaultFile
        let document = try ConfigurationDocument(path: path, isRequired: file != nil)
        var problems = document.problems(knowing: SettingsReader.keys)
        let reader = ConfigReader(providers: [
            EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "antidote"),
            try await provider(document),
        ])
        var settings = Settings()
        var unread: Set<String> = []
        for setting in Setting.all where document.keys.contains(setting.name) || environment[setting.variable] != nil {
            do {
                try setting.apply(reader, to: &settings)
                continue
            } catch let error as AntidoteError {
                problems.append("\(setting): \(error.message)")
            } catch {
                problems.append("\(setting) (or \(setting.variable)) must be \(setting.expectedFormat)")
            }
            unread.insert(setting.name)
        }
        problems += check(settings).filter { $0.settings.allSatisfy { !unread.contains($0.name) } }.map(\.sentence)
        guard problems.isEmpty else {
            throw AntidoteError(
                .configurationInvalid,
                problems.joined(separator: "; "),
                recovery: "Fix them in \(path) or in the environment.",
                subject: path
            )
        }
        return settings
    }

    private func provider(_ document: ConfigurationDocument) async throws -> any ConfigProvider {
        // The provider rejects a file without settings.
        if document.keys.isEmpty { return InMemoryProvider(values: [:]) }
        do {
            return try await FileProvider<YAMLSnapshot>(filePath: FilePath(document.path))
        } catch {
            // The cause may quote the file, which may contain passwords.
            throw AntidoteError(
                .configurationInvalid,
                "a value has the wrong type",
                recovery: "Write one “setting: value” a line.",
                subject: document.path
            )
        }
    }
}

/// A problem with settings as a whole, such as a missing one.
public struct SettingsProblem: Sendable {
    /// The settings that the problem is about.
    package let settings: [any AnySettingKey]
    /// The problem and what to do about it.
    public let sentence: String

    init(_ settings: [any AnySettingKey], _ error: AntidoteError) {
        self.settings = settings
        let advice = error.recovery.map { " (\($0.hasSuffix(".") ? String($0.dropLast()) : $0))" }
        sentence = error.message + (advice ?? "")
    }
}
