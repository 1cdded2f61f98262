/// One installation of Antidote. Everything that it makes carries this name.
public struct InstanceID: StringIdentifier {
    public let rawValue: String
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    public static let rule = "1 to 12 characters of a-z, 0-9 and “-”, beginning with a letter"
    public static func isValid(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 12 else { return false }
        return Alphabet.isLowercase(first) && text.utf8.allSatisfy(Alphabet.isName)
    }
}

/// The identity of one state store: what another store made under the same instance name is not ours.
public struct StoreID: StringIdentifier {
    public let rawValue: String
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    public static let rule = "16 characters of a-z and 2-7"
    public static func isValid(_ text: String) -> Bool {
        text.utf8.count == 16 && text.utf8.allSatisfy(Alphabet.isBase32)
    }
}

/// One environment, for its whole life. Drawn at random, so that it cannot be guessed.
public struct EnvironmentID: StringIdentifier {
    public let rawValue: String
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    public static let rule = "16 characters of a-z and 2-7"
    public static func isValid(_ text: String) -> Bool {
        text.utf8.count == 16 && text.utf8.allSatisfy(Alphabet.isBase32)
    }
}

/// Who an environment belongs to: a live session, or whatever an embedder counts by.
public struct OwnerID: StringIdentifier {
    public let rawValue: String
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    public static let rule = "1 to 128 printable ASCII characters without blanks"
    public static func isValid(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy(Alphabet.isPrintable)
    }
}

/// One copy of a service: the holder of leases.
public struct WorkerID: StringIdentifier {
    public let rawValue: String
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    public static let rule = "1 to 128 printable ASCII characters without blanks"
    public static func isValid(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy(Alphabet.isPrintable)
    }
}

/// The name of a backend that an environment is placed on.
public struct BackendID: StringIdentifier {
    public let rawValue: String
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    public static let rule = "1 to 63 characters of a-z, 0-9 and “-”"
    public static func isValid(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count) && text.utf8.allSatisfy(Alphabet.isName)
    }
}

/// The name of a job. A backend runs a job of one name once for each incarnation.
public struct JobID: StringIdentifier {
    public let rawValue: String
    public init(unchecked rawValue: String) { self.rawValue = rawValue }
    public static let rule = "1 to 63 characters of a-z, 0-9 and “-”"
    public static func isValid(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count) && text.utf8.allSatisfy(Alphabet.isName)
    }
}

/// Which release this is: the tag of the project's own images, and what `--version` prints.
public enum AntidoteRelease {
    /// As in the file `VERSION`.
    public static let version = "0.1.0"
}
