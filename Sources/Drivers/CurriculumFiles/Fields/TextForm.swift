/// What a text must look like.
struct TextForm: Sendable {
    /// As in ECMA 262, for editors.
    let expression: String
    /// What is broken by a text that looks otherwise.
    let rule: Rule
    /// What such a text is, for messages: `an endpoint's name`.
    let noun: String
    /// Whether a text looks like this. `nil`: who reads the field finds that out.
    let accepts: (@Sendable (String) -> Bool)?

    /// Whether a number that nothing marks as a text may look like this.
    var mayBeNumber: Bool { accepts?("0") == true }
    /// Whether `true` may.
    var mayBeFlag: Bool { accepts?("true") == true }

    static func name(_ names: NamePattern, _ noun: String, _ rule: Rule) -> TextForm {
        TextForm(
            expression: names.expression,
            rule: rule,
            noun: noun,
            accepts: names.accepts
        )
    }

    /// An IPv4 address and the length of a prefix that leaves room for two hosts.
    static let subnet: TextForm = {
        let byte = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
        return TextForm(
            expression: "^\(byte)(?:\\.\(byte)){3}/(?:30|[12]?[0-9])$",
            rule: .subnetInvalid,
            noun: "a subnet",
            accepts: nil
        )
    }()
}
