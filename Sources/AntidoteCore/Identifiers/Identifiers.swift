/// One installation of Antidote. Everything that it makes carries this name.
public struct InstanceID: StringIdentifier {
    public let rawValue: String
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    public static let rule = IdentifierRule.shortName
}

/// The identity of one state store: what another store made under the same instance name is not ours.
public struct StoreID: StringIdentifier {
    public let rawValue: String
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    public static let rule = IdentifierRule.random
}

/// One environment, for its whole life. Drawn at random, so that it cannot be guessed.
public struct EnvironmentID: StringIdentifier {
    public let rawValue: String
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    public static let rule = IdentifierRule.random
}

/// Who an environment belongs to: a live session, or whatever an embedder counts by.
public struct OwnerID: StringIdentifier {
    public let rawValue: String
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    public static let rule = IdentifierRule.printable
}

/// One copy of a service: the holder of leases.
@_spi(StoreKit) public struct WorkerID: StringIdentifier {
    public let rawValue: String
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    public static let rule = IdentifierRule.printable
}

/// The name of a backend that an environment is placed on.
public struct BackendID: StringIdentifier {
    public let rawValue: String
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    public static let rule = IdentifierRule.name
}

/// The name of a job. A backend runs a job of one name once for each incarnation.
public struct JobID: StringIdentifier {
    public let rawValue: String
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    public static let rule = IdentifierRule.name
}

/// Which release this is: the tag of the project's own images, and what `--version` prints.
public enum AntidoteRelease {
    /// As in the file `VERSION`.
    public static let version = "0.1.0"
}
