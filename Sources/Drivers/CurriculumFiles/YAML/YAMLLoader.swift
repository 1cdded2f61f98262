#if Curriculum
import Yams
#endif

/// Reads a text as YAML, by libyaml.
enum YAMLLoader {
    /// How often a text is parsed anew because a key comes twice in it, before that is no longer forgiven.
    static let forgivenDuplicates = 16

    /// The first document of `bytes`, of at most `nodeLimit` values after its aliases are followed.
    static func load(_ bytes: [UInt8], nodeLimit: Int) throws(YAMLFault) -> YAMLDocument {
        guard var text = String(validating: bytes, as: UTF8.self) else {
            throw YAMLFault(rule: .yamlNotUTF8, message: "this is not text in UTF-8")
        }
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        try YAMLGuard.check(bytes)
        do throws(YAMLFault) {
            return try load(text, nodeLimit: nodeLimit)
        } catch {
            var fault = error
            // The parser takes a last line that has no end for one that has, and finds faults in the line after it.
            if let location = fault.location { fault.location = min(location, TextEnd.location(of: text)) }
            throw fault
        }
    }

    #if Curriculum
    private static func load(_ text: String, nodeLimit: Int) throws(YAMLFault) -> YAMLDocument {
        var text = text
        var replacedKeys: [Located<String>] = []
        while true {
            do {
                let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
                var document = YAMLDocument(replacedKeys: replacedKeys)
                guard let root = try parser.nextRoot() else { return document }
                var converter = NodeConverter(nodesLeft: nodeLimit)
                document.root = try converter.convert(root, depth: 0)
                // Whatever is wrong further on is of no concern: it is not read.
                document.isFollowed = (try? parser.nextRoot()) != nil
                return document
            } catch let error as YamlError {
                if case .duplicatedKeysInMapping(let names, let context) = error, let name = names.first,
                    replacedKeys.count < forgivenDuplicates,
                    let renamed = KeyEraser.erase(at: Location(context.mark), in: text)
                {
                    replacedKeys.append(Located(value: name, location: Location(context.mark)))
                    text = renamed
                    continue
                }
                throw YAMLFault(error)
            } catch let fault as YAMLFault {
                throw fault
            } catch {
                throw YAMLFault(rule: .yamlSyntax, message: "this is not YAML: \(error)")
            }
        }
    }
    #else
    private static func load(_ text: String, nodeLimit: Int) throws(YAMLFault) -> YAMLDocument {
        throw YAMLFault(rule: .yamlSyntax, message: "this program was built without the trait “Curriculum”")
    }
    #endif
}

#if Curriculum
extension Location {
    fileprivate init(_ mark: Mark?) {
        self.init(line: mark?.line ?? 1, column: mark?.column ?? 1)
    }
}

extension YAMLFault {
    fileprivate init(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, yaml: _),
            .parser(let context, let problem, let mark, yaml: _),
            .composer(let context, let problem, let mark, yaml: _):
            let isNesting = problem.hasPrefix("Maximum nesting level") || context?.text.contains("nesting") == true
            self.init(
                rule: isNesting ? .yamlTooComplex : .yamlSyntax,
                location: Location(mark),
                message: isNesting ? "this nests too deeply" : "this is not YAML: \(problem)"
            )
        case .reader(let problem, _, _, yaml: _):
            self.init(rule: .yamlSyntax, message: "this is not YAML: \(problem)")
        case .duplicatedKeysInMapping(let names, let context):
            let name = names.first ?? ""
            let message = "the key “\(name.prefix(60))” comes more than once, as others do"
            self.init(rule: .yamlSyntax, location: Location(context.mark), message: message)
        default:
            self.init(rule: .yamlSyntax, message: "this is not YAML")
        }
    }
}

/// Makes values of ours from the parser's, following aliases, as long as there are not too many.
private struct NodeConverter {
    var nodesLeft: Int
    static let depthLimit = 64

    mutating func convert(_ node: Node, depth: Int) throws(YAMLFault) -> YAMLNode {
        nodesLeft -= 1
        let location = Location(node.mark)
        guard nodesLeft >= 0, depth <= NodeConverter.depthLimit else {
            let message = nodesLeft < 0 ? "there are too many values, aliases followed" : "this nests too deeply"
            throw YAMLFault(rule: .yamlTooComplex, location: location, message: message)
        }
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain || scalar.style == .any
            return YAMLNode(content: .scalar(scalar.string, isPlain: isPlain), location: location)
        case .sequence(let sequence):
            var nodes: [YAMLNode] = []
            for element in sequence { nodes.append(try convert(element, depth: depth + 1)) }
            return YAMLNode(content: .sequence(nodes), location: location)
        case .mapping(let mapping):
            var entries: [YAMLNode.Entry] = []
            for pair in mapping {
                // Nothing here has keys other than words: one of another kind is as unknown as an empty one.
                let key = Located(value: pair.key.scalar?.string ?? "", location: Location(pair.key.mark))
                entries.append(YAMLNode.Entry(key: key, value: try convert(pair.value, depth: depth + 1)))
            }
            return YAMLNode(content: .mapping(entries), location: location)
        case .alias:
            throw YAMLFault(rule: .yamlSyntax, location: location, message: "an alias without an anchor")
        }
    }
}
#endif

/// The last place of a text, with lines that end as libyaml ends them.
enum TextEnd {
    static func location(of text: String) -> Location {
        var end = Location(line: 1, column: 1)
        var isAfterReturn = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where isAfterReturn: break
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": end = Location(line: end.line + 1, column: 1)
            default: end.column += 1
            }
            isAfterReturn = scalar == "\r"
        }
        return end
    }
}

/// Why a text could not be read as YAML.
struct YAMLFault: Error {
    var rule: Rule
    var location: Location?
    var message: String
}

/// What was read of a text, and the keys in it that a later one of the same name replaces.
struct YAMLDocument {
    /// `nil` for a text without any value.
    var root: YAMLNode?
    var replacedKeys: [Located<String>] = []
    /// Whether other documents follow the one that was read.
    var isFollowed = false
}
