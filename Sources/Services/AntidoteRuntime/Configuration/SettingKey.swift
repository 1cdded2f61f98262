import AntidoteCore
package import Configuration

/// A key of the configuration: the one declaration that reading, help, documentation and error messages refer to.
package struct SettingKey<Value: Sendable>: AnySettingKey {
    /// The key in a configuration file, such as `imageOrg`.
    package let name: String
    package let help: String
    /// The value in ``Settings`` when nothing else is configured.
    let defaultValue: Value
    private let format: SettingFormat<Value>
    private let path: any WritableKeyPath<Settings, Value> & Sendable

    /// Declares a setting that has a default value.
    init(
        _ name: String,
        _ format: SettingFormat<Value>,
        default defaultValue: Value,
        _ path: any WritableKeyPath<Settings, Value> & Sendable,
        help: String
    ) {
        self.name = name
        self.format = format
        self.defaultValue = defaultValue
        self.path = path
        self.help = help
    }

    /// Declares a setting that is `nil` unless it is configured.
    init<Wrapped: Sendable>(
        _ name: String,
        _ format: SettingFormat<Wrapped>,
        _ path: any WritableKeyPath<Settings, Value> & Sendable,
        help: String
    ) where Value == Wrapped? {
        self.init(name, format.optional, default: nil, path, help: help)
    }

    package var expectedFormat: String { format.expectation }

    package var defaultText: String { format.write(defaultValue) }

    package func apply(_ reader: ConfigReader, to settings: inout Settings) throws {
        settings[keyPath: path] = try format.read(reader, ConfigKey(name))
    }
}

/// A ``SettingKey`` without the type of its value, for lists of keys.
package protocol AnySettingKey: Sendable, CustomStringConvertible {
    var name: String { get }
    /// What a valid value looks like, as in “must be a number of seconds”.
    var expectedFormat: String { get }
    /// The default value as a file would have it; empty if there is none.
    var defaultText: String { get }
    /// One sentence for the reference documentation.
    var help: String { get }

    /// Reads the value and stores it in `settings`. Throws if the value is missing or lacks the expected format.
    func apply(_ reader: ConfigReader, to settings: inout Settings) throws
}

extension AnySettingKey {
    package var description: String { name }

    /// The environment variable: `ANTIDOTE_IMAGE_ORG` for `imageOrg`.
    package var variable: String {
        var variable = "ANTIDOTE_"
        var wasLowercase = true
        for character in name {
            // A run of capitals is one word: `liveLessonTTL` is `LIVE_LESSON_TTL`.
            if character.isUppercase, wasLowercase { variable += "_" }
            wasLowercase = character.isLowercase
            variable += character.uppercased()
        }
        return variable
    }
}

extension AntidoteError {
    /// A setting that must be set and is not.
    static func missing(_ setting: any AnySettingKey, recovery: String) -> AntidoteError {
        AntidoteError(.configurationInvalid, "\(setting) is not set", recovery: recovery)
    }
}
