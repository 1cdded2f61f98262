/// The value of an environment variable.
public enum EnvironmentValue: Sendable, Hashable, Encodable {
    /// For everybody to see.
    case plain(String)
    /// Known here, shown nowhere.
    case secret(Secret)
    /// Known by name only: the backend resolves it when the endpoint or job starts.
    case reference(SecretReference)

    /// A secret encodes as the fact that there is one: specifications are printed and hashed.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .plain(let text): try container.encode(text)
        case .secret(let secret): try container.encode(secret.description)
        case .reference(let reference): try container.encode(["reference": reference.name])
        }
    }
}
