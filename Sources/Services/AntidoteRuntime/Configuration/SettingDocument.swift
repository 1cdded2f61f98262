/// The reference of all settings: `docs/configuration.md` is this text, and a test compares them.
package enum SettingDocument {
    package static var markdown: String {
        introduction
            + table("Labs", Setting.ofLabs)
            + table("Services", Setting.ofServices)
    }

    private static func table(_ title: String, _ keys: [any AnySettingKey]) -> String {
        "\n## \(title)\n\n| key | variable | value | default | |\n|---|---|---|---|---|\n"
            + keys.sorted { $0.name < $1.name }.map(row).joined()
    }

    private static func row(_ key: any AnySettingKey) -> String {
        let cells = [
            "`\(key.name)`", "`\(key.variable)`", key.expectedFormat,
            key.defaultText.isEmpty ? "" : "`\(key.defaultText)`", key.help,
        ]
        return "| \(cells.map { $0.split(separator: "|").joined(separator: "\\|") }.joined(separator: " | ")) |\n"
    }

    private static let introduction = """
        # Configuration

        <!-- Printed from the declarations (Sources/Services/AntidoteRuntime/Configuration/Setting*.swift). Change them
             there, then run `ANTIDOTE_UPDATE_DOCS=1 swift test --filter SettingDocumentTests`. -->

        Programs read `\(SettingsReader.defaultFile)`, or the file that `--config` names. An environment variable takes
        precedence over the file, and a flag over both. An unknown key is an error; an unknown variable `ANTIDOTE_…` is
        reported and ignored. 0 disables a limit, and the lifetimes `\(Setting.liveSessionTTL)` and
        `\(Setting.liveLessonTTL)`.

        """
}
