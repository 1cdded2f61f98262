/// A user name and password that an image was built with.
///
/// The password is public with the image, yet it never prints: the same code paths carry it to logs.
public struct ImageLogin: Sendable, Hashable, Codable, CustomStringConvertible, CustomReflectable {
    /// The user's name.
    public var username: String
    /// The user's password. Everybody who has the curriculum knows it: it opens labs, and nothing else.
    public var password: String

    public init(username: String, password: String) {
        self.username = username
        self.password = password
    }

    public var description: String { "\(username):<redacted>" }

    public var customMirror: Mirror {
        Mirror(self, children: ["username": username, "password": "<redacted>"], displayStyle: .struct)
    }
}
