import AntidoteCore

/// A report as a SARIF 2.1.0 log of one run, for code scanning and editors.
///
/// Columns are told in Unicode scalars, as everywhere here, and lines end where YAML ends them.
struct SARIFReport: Encodable {
    let schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    let version = "2.1.0"
    let runs: [Run]

    enum CodingKeys: String, CodingKey {
        case schema = "$schema"
        case version
        case runs
    }

    /// - Parameter directory: the curriculum's directory as it is named from the root of the sources, `/` between its
    ///   parts; empty for that root itself.
    init(_ report: ValidationReport, directory: String) {
        let indices = Dictionary(uniqueKeysWithValues: Rule.all.enumerated().map { ($1.id, $0) })
        runs = [
            Run(
                tool: Tool(
                    driver: Driver(
                        rules: Rule.topics.flatMap { topic in topic.rules.map { Descriptor($0, topic.title) } }
                    )
                ),
                results: report.problems.map { Result($0, ruleIndex: indices[$0.rule.id], directory: directory) }
            )
        ]
    }
}

extension SARIFReport {
    struct Run: Encodable {
        let tool: Tool
        let columnKind = "unicodeCodePoints"
        let newlineSequences = ["\r\n", "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]
        let originalUriBaseIds = [
            SARIFReport.root: Base(
                description: Text(
                    text: "Where antidote was started, or the curriculum's directory if that is elsewhere."
                )
            )
        ]
        let results: [Result]
    }

    struct Tool: Encodable {
        let driver: Driver
    }

    struct Driver: Encodable {
        let name = "antidote"
        let version = AntidoteRelease.version
        let semanticVersion = AntidoteRelease.version
        let informationUri = SARIFReport.project
        let rules: [Descriptor]
    }

    struct Base: Encodable {
        let description: Text
    }

    /// A rule, whether it is broken or not.
    struct Descriptor: Encodable {
        let id: String
        let shortDescription: Text
        let help: Text
        let helpUri: String
        let defaultConfiguration: Configuration

        init(_ rule: Rule, _ topic: String) {
            id = rule.id
            shortDescription = Text(text: rule.summary)
            help = Text(text: rule.advice)
            // The page's headings are what its anchors are made of.
            helpUri =
                "\(project)/blob/main/docs/curriculum-rules.md#\(topic.lowercased().split(separator: " ").joined(separator: "-"))"
            defaultConfiguration = Configuration(level: rule.severity.rawValue)
        }
    }

    struct Configuration: Encodable {
        let level: String
    }

    struct Text: Encodable {
        let text: String
    }

    struct Result: Encodable {
        let ruleId: String
        let ruleIndex: Int?
        let level: String
        let message: Text
        let locations: [Place]

        init(_ problem: Problem, ruleIndex: Int?, directory: String) {
            ruleId = problem.rule.id
            self.ruleIndex = ruleIndex
            level = problem.severity.rawValue
            message = Text(text: SARIFReport.escaped("\(problem.message)\n\(problem.advice)"))
            let artifact = Artifact(uri: SARIFReport.reference(to: problem.file, in: directory))
            let region = problem.location.map { Region(startLine: $0.line, startColumn: $0.column) }
            locations = [Place(physicalLocation: PhysicalPlace(artifactLocation: artifact, region: region))]
        }
    }

    struct Place: Encodable {
        let physicalLocation: PhysicalPlace
    }

    struct PhysicalPlace: Encodable {
        let artifactLocation: Artifact
        let region: Region?
    }

    struct Artifact: Encodable {
        let uri: String
        let uriBaseId = SARIFReport.root
    }

    struct Region: Encodable {
        let startLine: Int
        let startColumn: Int
    }
}

extension SARIFReport {
    static let root = "%SRCROOT%"
    static let project = "https://github.com/antidote-labs/antidote"

    /// A text whose braces are no placeholders, and whose brackets are no links.
    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "{", "}": result.append(scalar)
            case "[", "]": result.append("\\")
            default: break
            }
            result.append(scalar)
        }
        return String(result)
    }

    /// A relative reference to `file` of the curriculum in `directory`; that of a directory as such ends in a slash.
    static func reference(to file: String, in directory: String) -> String {
        let parts = (directory.pathParts + file.pathParts).filter { $0 != "." }
        let path = parts.map(percentEncoded).joined(separator: "/")
        if file == "." { return path.isEmpty ? "./" : path + "/" }
        return path
    }

    private static func percentEncoded(_ part: String) -> String {
        var result = ""
        for byte in part.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }
}
