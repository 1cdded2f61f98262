import AntidoteCore

/// Reads the fields of one mapping. Whatever is wrong with one is a finding, and reading goes on.
struct FieldReader {
    let location: Location
    private let shape: Shape
    private var fields: [String: YAMLNode] = [:]

    /// `nil`, and a finding, where `node` is no mapping. Keys other than those of `shape` are findings too.
    init?(_ node: YAMLNode, as shape: Shape, findings: inout Findings) {
        location = node.location
        self.shape = shape
        guard case .mapping(let entries) = node.content else {
            findings.add(.wrongType, at: node.location, "\(shape.subject) is a mapping of fields, not \(node.kind)")
            return nil
        }
        var merged: [YAMLNode] = []
        for entry in entries {
            if entry.key.value == "<<" {
                merged.append(entry.value)
            } else if shape.names.contains(entry.key.value) {
                fields[entry.key.value] = entry.value
            } else if !KeyEraser.isErased(entry.key.value) {
                report(entry.key, &findings)
            }
        }
        for node in merged { merge(node) }
    }

    /// Whether one of the lists of which one must have an element has one, be it a wrong one.
    var hasAlternative: Bool {
        shape.alternatives.contains { name in
            if case .sequence(let nodes) = fields[name]?.content { !nodes.isEmpty } else { false }
        }
    }

    /// A text, also where it is not of its field's form.
    func text(_ field: Field<Text>, _ findings: inout Findings) -> Located<String>? {
        guard let text = anyText(field, &findings) else { return nil }
        if let form = field.content.form, form.accepts?(text.value) == false {
            findings.add(form.rule, at: text.location, "“\(text.value.prefix(80))” cannot be \(form.noun)")
        }
        return text
    }

    /// One of the values of an enumeration.
    func choice<Value>(_ field: Field<Choice<Value>>, _ findings: inout Findings) -> Located<Value>? {
        guard let text = anyText(field, &findings) else { return nil }
        if let value = Value(rawValue: text.value) { return Located(value: value, location: text.location) }
        let names = Choice<Value>.names
        let near = NearestWord.to(text.value, among: names)
        findings.add(
            .valueUnknown,
            at: text.location,
            "“\(field.name)” of \(shape.subject) cannot be “\(text.value.prefix(60))”",
            advice: (near.map { "Did you mean “\($0)”? " } ?? "") + "Use one of: \(names.joined(separator: ", "))."
        )
        return nil
    }

    /// A whole number, also where it is out of its field's range.
    func integer(_ field: Field<Whole>, _ findings: inout Findings) -> Located<Int>? {
        guard let node = value(field, &findings) else { return nil }
        guard let number = node.integer else {
            mismatch(field, node, "a whole number", &findings)
            return nil
        }
        check(number, field.name, field.content, at: node.location, &findings)
        return Located(value: number, location: node.location)
    }

    func flag(_ field: Field<Flag>, _ findings: inout Findings) -> Bool? {
        guard let node = value(field, &findings) else { return nil }
        guard case .scalar(let text, isPlain: true) = node.content, let flag = Flag.words[text.lowercased()] else {
            mismatch(field, node, "true or false", &findings)
            return nil
        }
        return flag
    }

    /// The elements of a list as they stand, as many as are read; empty where there is none.
    func list<Element>(_ field: Field<List<Element>>, _ findings: inout Findings) -> [YAMLNode] {
        guard let node = value(field, &findings) else { return [] }
        guard case .sequence(let nodes) = node.content else {
            mismatch(field, node, "a list", &findings)
            return []
        }
        if nodes.isEmpty, case .required(let rule) = field.need {
            findings.add(rule, at: node.location, "“\(field.name)” of \(shape.subject) is an empty list")
        }
        let limit = field.content.limit
        if nodes.count > limit {
            let message = "“\(field.name)” of \(shape.subject) has \(nodes.count) elements, more than \(limit)"
            findings.add(.listTooLong, at: node.location, message)
        }
        return Array(nodes.prefix(limit))
    }

    /// The elements of a list of texts; those that are none, or not of their form, are findings and left out.
    func texts(_ field: Field<List<Text>>, _ findings: inout Findings) -> [Located<String>] {
        let form = field.content.element.form
        var seen: Set<String> = []
        var texts: [Located<String>] = []
        for node in list(field, &findings) {
            guard case .scalar(let text, _) = node.content, !text.isEmpty, !node.isNull else {
                let message = "“\(field.name)” of \(shape.subject) holds texts, not \(node.kind)"
                findings.add(form?.rule ?? FieldReader.mismatchRule(field.need), at: node.location, message)
                continue
            }
            if let form, form.accepts?(text) == false {
                findings.add(form.rule, at: node.location, "“\(text.prefix(80))” cannot be \(form.noun)")
            } else if let rule = field.content.duplicates, !seen.insert(text).inserted {
                let message = "“\(text.prefix(80))” comes twice in “\(field.name)” of \(shape.subject)"
                findings.add(rule, at: node.location, message)
            } else {
                texts.append(Located(value: text, location: node.location))
            }
        }
        return texts
    }

    /// The elements of a list of whole numbers, also those out of range; others are findings and left out.
    func integers(_ field: Field<List<Whole>>, _ findings: inout Findings) -> [Located<Int>] {
        list(field, &findings).compactMap { node in
            guard let number = node.integer else {
                let message = "“\(field.name)” of \(shape.subject) holds whole numbers, not \(node.kind)"
                findings.add(FieldReader.mismatchRule(field.need), at: node.location, message)
                return nil
            }
            check(number, field.name, field.content.element, at: node.location, &findings)
            return Located(value: number, location: node.location)
        }
    }

    /// The fields of a mapping within this one.
    func group(_ field: Field<Group>, _ findings: inout Findings) -> FieldReader? {
        value(field, &findings).flatMap { FieldReader($0, as: field.content.shape, findings: &findings) }
    }

    /// A field's value as it stands; `nil` where there is none.
    private func value(_ field: some DeclaredField, _ findings: inout Findings) -> YAMLNode? {
        if let node = fields[field.name], !node.isNull { return node }
        let place = fields[field.name]?.location ?? location
        switch field.need {
        case .required(let rule): findings.add(rule, at: place, "\(shape.subject) needs “\(field.name)”")
        case .expected: findings.add(.fieldEmpty, at: place, "\(shape.subject) has no “\(field.name)”")
        case .optional: break
        }
        return nil
    }

    /// A text of any form that is not empty.
    private func anyText(_ field: some DeclaredField, _ findings: inout Findings) -> Located<String>? {
        guard let node = value(field, &findings) else { return nil }
        guard case .scalar(let text, _) = node.content else {
            mismatch(field, node, "text", &findings)
            return nil
        }
        if text.isEmpty {
            let message = "“\(field.name)” of \(shape.subject) is empty"
            switch field.need {
            case .required(let rule): findings.add(rule, at: node.location, message)
            case .expected: findings.add(.fieldEmpty, at: node.location, message)
            case .optional: break
            }
            return nil
        }
        return Located(value: text, location: node.location)
    }

    private func check(_ number: Int, _ name: String, _ whole: Whole, at place: Location, _ findings: inout Findings) {
        guard !whole.range.contains(number) else { return }
        let message =
            "“\(name)” of \(shape.subject) is from \(whole.range.lowerBound) to \(whole.range.upperBound), not \(number)"
        findings.add(number < whole.range.lowerBound ? whole.below : whole.above, at: place, message)
    }

    private func mismatch(
        _ field: some DeclaredField,
        _ node: YAMLNode,
        _ wanted: String,
        _ findings: inout Findings
    ) {
        let message = "“\(field.name)” of \(shape.subject) is \(wanted), not \(node.kind)"
        findings.add(FieldReader.mismatchRule(field.need), at: node.location, message)
    }

    private static func mismatchRule(_ need: Need) -> Rule { need.isRequired ? .wrongType : .wrongTypeIgnored }

    /// Takes the fields that `node` has and this mapping has not, as a merge key asks.
    private mutating func merge(_ node: YAMLNode) {
        switch node.content {
        case .mapping(let entries):
            for entry in entries where shape.names.contains(entry.key.value) && fields[entry.key.value] == nil {
                fields[entry.key.value] = entry.value
            }
        case .sequence(let nodes):
            for case let node in nodes where node.isMapping { merge(node) }
        case .scalar: return
        }
    }

    private func report(_ key: Located<String>, _ findings: inout Findings) {
        let near = findings.isFull ? nil : NearestWord.to(key.value, among: shape.names)
        let advice =
            near.map { "Did you mean “\($0)”?" } ?? "Remove it. There are: \(shape.names.joined(separator: ", "))."
        let message = "\(shape.subject) has no field “\(key.value.prefix(60))”"
        findings.add(.keyUnknown, at: key.location, message, advice: advice)
    }
}

extension YAMLNode {
    fileprivate var isMapping: Bool {
        if case .mapping = content { true } else { false }
    }

    /// A whole number, if it is one written plainly.
    fileprivate var integer: Int? {
        guard case .scalar(let text, isPlain: true) = content else { return nil }
        return Int(text)
    }
}
