import AntidoteCore
import Configuration
import DockerBackend

/// How the value of a setting is written in a file or a variable, and how it is read.
struct SettingFormat<Value: Sendable>: Sendable {
    /// What a valid value looks like, as in “must be a number of seconds”.
    let expectation: String
    /// Throws an `AntidoteError` that explains the problem, or any other error if the value lacks the expected format.
    let read: @Sendable (ConfigReader, ConfigKey) throws -> Value
    /// The value as a file would have it.
    let write: @Sendable (Value) -> String

    /// The same format for a setting that may be unset.
    var optional: SettingFormat<Value?> {
        SettingFormat<Value?>(
            expectation: expectation,
            read: { try read($0, $1) },
            write: { value in value.map(write) ?? "" }
        )
    }
}

extension SettingFormat<String> {
    static var text: Self { text { _ in } }

    /// - Parameter check: Throws an `AntidoteError` if the text cannot be used.
    static func text(checking check: @escaping @Sendable (String) throws -> Void) -> Self {
        Self(
            expectation: "a text",
            read: { reader, key in
                let value = try reader.requiredString(forKey: key)
                try check(value)
                return value
            },
            write: { $0 }
        )
    }
}

extension SettingFormat<Secret> {
    static var secret: Self {
        Self(
            expectation: "a text",
            read: { Secret(try $0.requiredString(forKey: $1, isSecret: true)) },
            write: { "\($0)" }
        )
    }
}

extension SettingFormat<[String]> {
    static var list: Self { list { _ in } }

    /// - Parameter check: Throws an `AntidoteError` if an item cannot be used.
    static func list(checkingEach check: @escaping @Sendable (String) throws -> Void) -> Self {
        Self(
            expectation: "a text, or a list of texts",
            read: { reader, key in
                // A single item may be written without a list.
                let items = try reader.string(forKey: key).map { [$0] } ?? reader.requiredStringArray(forKey: key)
                try items.forEach(check)
                return items
            },
            write: { $0.joined(separator: ", ") }
        )
    }
}

extension SettingFormat<[String: RegistryCredential]> {
    static var registryCredentials: Self {
        Self(
            expectation: "a list of “registry=user:password”",
            read: { reader, key in
                var credentials: [String: RegistryCredential] = [:]
                for entry in try reader.requiredStringArray(forKey: key, isSecret: true) {
                    let (registry, credential) = try parse(entry)
                    credentials[registry] = credential
                }
                return credentials
            },
            write: { $0.keys.sorted().joined(separator: ", ") }
        )
    }

    /// The entry contains a secret, so the error does not repeat it.
    private static func parse(_ entry: String) throws -> (String, RegistryCredential) {
        let sides = entry.split(separator: "=", maxSplits: 1)
        let login = sides.last.map { $0.split(separator: ":", maxSplits: 1) } ?? []
        guard sides.count == 2, login.count == 2 else {
            throw AntidoteError(.configurationInvalid, "an entry is not of the form “registry=user:password”")
        }
        return (String(sides[0]), RegistryCredential(username: String(login[0]), password: Secret(String(login[1]))))
    }
}

extension SettingFormat<Bool> {
    static var flag: Self {
        Self(expectation: "true or false", read: { try $0.requiredBool(forKey: $1) }, write: { "\($0)" })
    }
}

extension SettingFormat<InstanceID> {
    static var instanceID: Self {
        Self(
            expectation: InstanceID.rule.words,
            read: { try InstanceID(validating: $0.requiredString(forKey: $1)) },
            write: \.rawValue
        )
    }
}

extension SettingFormat where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the cases of an enumeration.
    static var choice: Self {
        Self(
            expectation: "one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))",
            read: { try $0.requiredString(forKey: $1, as: Value.self) },
            write: { $0.rawValue }
        )
    }
}
