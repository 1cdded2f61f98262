import AntidoteCore

extension SettingsReader {
    private static let prefix = "ANTIDOTE_"

    /// Whether a variable belongs to the project's scripts and tests, or is one that jobs get, rather than a setting.
    private static func isReserved(_ name: String) -> Bool {
        ["DEBIAN_MIRROR", "ENGINE_DIR", "UPDATE_DOCS"].contains(name)
            || ["TEST_", "TARGET_"].contains(where: name.hasPrefix)
    }

    /// One line about the variables that look like settings but are not, without their values; `nil` if there are none.
    ///
    /// Unknown variables are not an error, because users rarely control the whole environment of a program.
    public static func warning(about environment: [String: String]) -> String? {
        let known = Setting.all.map { String($0.variable.dropFirst(prefix.count)) }
        let unknown = environment.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
            .filter { !known.contains($0) && !isReserved($0) }
            .sorted()
        guard !unknown.isEmpty else { return nil }
        let listed = unknown.prefix(5).map { name in
            // Compared without the prefix, which would make any two names similar.
            let nearest = NearestWord.to(name, among: known).map { " (did you mean \(prefix)\($0)?)" } ?? ""
            return "\(prefix)\(name.prefix(60))\(nearest)"
        }
        let more = unknown.count > listed.count ? " and \(unknown.count - listed.count) more" : ""
        return "warning: no such setting, ignored: \(listed.joined(separator: ", "))\(more)"
    }
}
