import AntidoteCore

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
