import AntidoteCore

extension SettingsReader {
    private static let prefix = "ANTIDOTE_"

    /// What the project's scripts and tests are told by, and what jobs get: no settings, and no mistakes.
    private static func isOthers(_ name: String) -> Bool {
        ["DEBIAN_MIRROR", "ENGINE_DIR", "UPDATE_DOCS"].contains(name)
            || ["TEST_", "TARGET_"].contains(where: name.hasPrefix)
    }

    /// One line about the variables that look like settings and are none, or `nil`. A value is never in it.
    ///
    /// Not an error: who starts a program often does not choose all of its environment.
    public static func warning(about environment: [String: String]) -> String? {
        let known = Setting.all.map { String($0.variable.dropFirst(prefix.count)) }
        let unknown = environment.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
            .filter { !known.contains($0) && !isOthers($0) }
            .sorted()
        guard !unknown.isEmpty else { return nil }
        let told = unknown.prefix(5).map { name in
            // Without what all of them begin with, which would make any two look alike.
            let nearest = NearestWord.to(name, among: known).map { " (did you mean \(prefix)\($0)?)" } ?? ""
            return "\(prefix)\(name.prefix(60))\(nearest)"
        }
        let more = unknown.count > told.count ? " and \(unknown.count - told.count) more" : ""
        return "warning: no such setting, ignored: \(told.joined(separator: ", "))\(more)"
    }
}
