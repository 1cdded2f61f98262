import AntidoteCore

/// Reads the fields of one mapping. Whatever is wrong with one is a finding, and reading goes on.
struct FieldReader {
    /// What is to be done about a field that is not there.
    enum Need {
        /// Nothing works without it: an error.
        case required
        /// People look for it: a warning.
        case expected
        case optional
    }

    let location: Location
    /// What the mapping describes, for messages: `a lesson`.
    let subject: String
    private var fields: [String: YAMLNode] = [:]

    /// `nil`, and a finding, where `node` is no mapping. Keys other than `known` are findings too.
    init?(_ node: YAMLNode, subject: String, known: [String], findings: inout Findings) {
        location = node.location
        self.subject = subject
        guard case .mapping(let entries) = node.content else {
            findings.add(.wrongType, at: node.location, "\(subject) is a mapping of fields, not \(node.kind)")
            return nil
        }
        var merged: [YAMLNode] = []
        for entry in entries {
            if entry.key.value == "<<" {
                merged.append(entry.value)
            } else if known.contains(entry.key.value) {
                fields[entry.key.value] = entry.value
            } else if !KeyEraser.isErased(entry.key.value) {
                FieldReader.report(entry.key, subject: subject, known: known, findings: &findings)
            }
        }
        for node in merged { merge(node, known: known) }
    }

    /// Where the field is; the mapping where it is not there.
    func location(of key: String) -> Location { fields[key]?.location ?? location }

    func text(_ key: String, _ need: Need, _ findings: inout Findings) -> Located<String>? {
        guard let node = value(key, need, &findings) else { return nil }
        guard case .scalar(let text, _) = node.content else {
            mismatch(key, node, "text", need, &findings)
            return nil
        }
        if text.isEmpty {
            if need == .required {
                findings.add(.fieldMissing, at: node.location, "“\(key)” of \(subject) is empty")
            } else if need == .expected {
                findings.add(.fieldEmpty, at: node.location, "“\(key)” of \(subject) is empty")
            }
            return nil
        }
        return Located(value: text, location: node.location)
    }

    /// One of the values of an enumeration.
    func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
        _ key: String,
        of type: Choice.Type,
        _ need: Need,
        _ findings: inout Findings
    ) -> Located<Choice>? where Choice.RawValue == String {
        guard let text = text(key, need, &findings) else { return nil }
        if let choice = Choice(rawValue: text.value) { return Located(value: choice, location: text.location) }
        let names = Choice.allCases.map(\.rawValue)
        let near = NearestWord.to(text.value, among: names)
        findings.add(
            .valueUnknown,
            at: text.location,
            "“\(key)” of \(subject) cannot be “\(text.value.prefix(60))”",
            advice: (near.map { "Did you mean “\($0)”? " } ?? "") + "Use one of: \(names.joined(separator: ", "))."
        )
        return nil
    }

    func integer(_ key: String, _ need: Need, _ findings: inout Findings) -> Located<Int>? {
        guard let node = value(key, need, &findings) else { return nil }
        guard let number = node.integer else {
            mismatch(key, node, "a whole number", need, &findings)
            return nil
        }
        return Located(value: number, location: node.location)
    }

    func flag(_ key: String, _ findings: inout Findings) -> Bool? {
        guard let node = value(key, .optional, &findings) else { return nil }
        guard case .scalar(let text, isPlain: true) = node.content, let flag = FieldReader.flags[text.lowercased()]
        else {
            mismatch(key, node, "true or false", .optional, &findings)
            return nil
        }
        return flag
    }

    /// The elements of a list, of at most `limit`; empty where there is none.
    func list(_ key: String, _ need: Need, limit: Int = 1000, _ findings: inout Findings) -> [YAMLNode] {
        guard let node = value(key, need, &findings) else { return [] }
        guard case .sequence(let nodes) = node.content else {
            mismatch(key, node, "a list", need, &findings)
            return []
        }
        if nodes.isEmpty, need == .required {
            findings.add(.fieldMissing, at: node.location, "“\(key)” of \(subject) is an empty list")
        }
        if nodes.count > limit {
            let message = "“\(key)” of \(subject) has \(nodes.count) elements, more than \(limit)"
            findings.add(.listTooLong, at: node.location, message)
        }
        return Array(nodes.prefix(limit))
    }

    /// The elements of a list of texts; others are findings and left out.
    func texts(_ key: String, _ findings: inout Findings) -> [Located<String>] {
        list(key, .optional, &findings).compactMap { node in
            guard case .scalar(let text, _) = node.content, !text.isEmpty, !node.isNull else {
                let message = "“\(key)” of \(subject) holds texts, not \(node.kind)"
                findings.add(.wrongTypeIgnored, at: node.location, message)
                return nil
            }
            return Located(value: text, location: node.location)
        }
    }

    /// The field's value as it stands; `nil` where there is none.
    func value(_ key: String, _ need: Need, _ findings: inout Findings) -> YAMLNode? {
        if let node = fields[key], !node.isNull { return node }
        switch need {
        case .required: findings.add(.fieldMissing, at: location(of: key), "\(subject) needs “\(key)”")
        case .expected: findings.add(.fieldEmpty, at: location(of: key), "\(subject) has no “\(key)”")
        case .optional: break
        }
        return nil
    }

    private func mismatch(_ key: String, _ node: YAMLNode, _ wanted: String, _ need: Need, _ findings: inout Findings) {
        let rule = need == .required ? Rule.wrongType : .wrongTypeIgnored
        findings.add(rule, at: node.location, "“\(key)” of \(subject) is \(wanted), not \(node.kind)")
    }

    /// Takes the fields that `node` has and this mapping has not, as a merge key asks.
    private mutating func merge(_ node: YAMLNode, known: [String]) {
        switch node.content {
        case .mapping(let entries):
            for entry in entries where known.contains(entry.key.value) && fields[entry.key.value] == nil {
                fields[entry.key.value] = entry.value
            }
        case .sequence(let nodes):
            for case let node in nodes where node.isMapping { merge(node, known: known) }
        case .scalar: return
        }
    }

    private static func report(_ key: Located<String>, subject: String, known: [String], findings: inout Findings) {
        let near = findings.isFull ? nil : NearestWord.to(key.value, among: known)
        let advice = near.map { "Did you mean “\($0)”?" } ?? "Remove it. There are: \(known.joined(separator: ", "))."
        let message = "\(subject) has no field “\(key.value.prefix(60))”"
        findings.add(.keyUnknown, at: key.location, message, advice: advice)
    }

    private static let flags = ["true": true, "yes": true, "on": true, "false": false, "no": false, "off": false]
}

extension YAMLNode {
    fileprivate var isMapping: Bool {
        if case .mapping = content { true } else { false }
    }

    /// A whole number, if it is one written plainly.
    var integer: Int? {
        guard case .scalar(let text, isPlain: true) = content else { return nil }
        return Int(text)
    }
}
