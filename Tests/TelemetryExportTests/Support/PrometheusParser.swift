/// A strict reader of Prometheus' text format 0.0.4, written from its specification: what is only tolerated there is an
/// error here.
struct PrometheusParser {
    struct Sample: Equatable {
        var name: String
        var labels: [String: String]
        var value: Double
    }

    struct Family: Equatable {
        var type: String
        var help: String
        var samples: [Sample] = []
    }

    struct Document {
        var families: [String: Family] = [:]

        /// The value of the one sample with exactly these labels.
        func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
            let found = families.values.flatMap(\.samples).filter { $0.name == name && $0.labels == labels }
            return found.count == 1 ? found[0].value : nil
        }
    }

    struct Fault: Error, CustomStringConvertible {
        var line: Int
        var reason: String
        var description: String { "line \(line): \(reason)" }
    }

    private var document = Document()
    private var current: String?
    private var line = 0

    static func parse(_ text: String) throws -> Document {
        var parser = PrometheusParser()
        guard text.isEmpty || text.utf8.last == UInt8(ascii: "\n") else {
            throw Fault(line: 0, reason: "the last line has no end")
        }
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
            parser.line += 1
            try parser.read(String(Substring(line)))
        }
        for (name, family) in parser.document.families { try parser.check(name, family) }
        return parser.document
    }

    private func fault(_ reason: String) -> Fault { Fault(line: line, reason: reason) }

    private mutating func read(_ text: String) throws {
        if text.hasPrefix("# HELP ") {
            let parts = text.dropFirst(7).split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw fault("HELP without a text") }
            let name = String(parts[0])
            guard Self.isName(name, allowsColon: true) else { throw fault("not a name: \(name)") }
            guard document.families[name] == nil else { throw fault("\(name) stands twice") }
            document.families[name] = Family(type: "", help: try unescaped(parts[1], quotes: false))
            current = name
        } else if text.hasPrefix("# TYPE ") {
            let parts = text.dropFirst(7).split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, parts[0] == current, document.families[parts[0]]?.type == "",
                ["counter", "gauge", "histogram"].contains(parts[1])
            else { throw fault("TYPE is wrong or not in its place") }
            document.families[parts[0]]?.type = parts[1]
        } else {
            try readSample(text)
        }
    }

    private mutating func readSample(_ text: String) throws {
        guard let family = current, let type = document.families[family]?.type, !type.isEmpty else {
            throw fault("a sample without a TYPE")
        }
        let end = text.firstIndex { $0 == "{" || $0 == " " } ?? text.endIndex
        let name = String(text[..<end])
        let suffixes = type == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard suffixes.contains(where: { family + $0 == name }) else { throw fault("\(name) is not of \(family)") }
        var rest = text[end...]
        var labels: [String: String] = [:]
        if rest.first == "{" { (labels, rest) = try readLabels(rest.dropFirst()) }
        guard rest.first == " ", let value = Self.number(String(rest.dropFirst())) else {
            throw fault("not a value: \(rest)")
        }
        let sample = Sample(name: name, labels: labels, value: value)
        let isTwice = document.families[family]?.samples.contains { $0.name == name && $0.labels == labels } ?? false
        guard !isTwice else { throw fault("\(name) \(labels) stands twice") }
        document.families[family]?.samples.append(sample)
    }

    private func readLabels(_ text: Substring) throws -> ([String: String], Substring) {
        var labels: [String: String] = [:]
        var rest = text
        while true {
            guard let equals = rest.firstIndex(of: "=") else { throw fault("a label without a value") }
            let name = String(rest[..<equals])
            guard Self.isName(name, allowsColon: false) else { throw fault("not a label: \(name)") }
            rest = rest[rest.index(after: equals)...]
            guard rest.unicodeScalars.first == "\"" else { throw fault("a value without quotes") }
            // By scalars: a quote followed by a combining mark is one character.
            var scalars = rest.unicodeScalars.dropFirst()
            var raw = ""
            while let scalar = scalars.first, scalar != "\"" {
                raw.unicodeScalars.append(scalar)
                scalars.removeFirst()
                if scalar == "\\", let next = scalars.first {
                    raw.unicodeScalars.append(next)
                    scalars.removeFirst()
                }
            }
            guard scalars.first == "\"" else { throw fault("a value without an end") }
            guard labels.updateValue(try unescaped(raw[...], quotes: true), forKey: name) == nil else {
                throw fault("the label \(name) stands twice")
            }
            rest = Substring(scalars.dropFirst())
            if rest.first == "}" { return (labels, rest.dropFirst()) }
            guard rest.first == "," else { throw fault("neither a further label nor their end") }
            rest = rest.dropFirst()
        }
    }

    private func unescaped(_ text: Substring, quotes: Bool) throws -> String {
        var result = ""
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if isEscaped {
                switch scalar {
                case "\\": result.unicodeScalars.append("\\")
                case "n": result.unicodeScalars.append("\n")
                case "\"" where quotes: result.unicodeScalars.append("\"")
                default: throw fault("an unknown escape")
                }
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        guard !isEscaped else { throw fault("an escape without its character") }
        return result
    }

    /// Buckets grow up to the one without bound, which is the count.
    private func check(_ name: String, _ family: Family) throws {
        guard !family.type.isEmpty, !family.samples.isEmpty else { throw fault("\(name) has no type or no samples") }
        guard family.type == "histogram" else { return }
        let buckets = family.samples.filter { $0.name == name + "_bucket" }
        let series = Dictionary(grouping: buckets) { $0.labels.filter { $0.key != "le" } }
        for (labels, buckets) in series {
            let bounds = buckets.map { Self.number($0.labels["le"] ?? "") ?? .nan }
            guard bounds == bounds.sorted(), bounds.last == .infinity, !bounds.contains(where: \.isNaN),
                buckets.map(\.value) == buckets.map(\.value).sorted()
            else { throw fault("the buckets of \(name) \(labels) are not in order") }
            let count = family.samples.first { $0.name == name + "_count" && $0.labels == labels }
            guard count?.value == buckets.last?.value,
                family.samples.contains(where: { $0.name == name + "_sum" && $0.labels == labels })
            else { throw fault("\(name) \(labels) has no sum, or another count") }
        }
        guard family.samples.count == buckets.count + 2 * series.count else { throw fault("\(name) has loose samples") }
    }

    private static func isName(_ name: String, allowsColon: Bool) -> Bool {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let first = name.utf8.first, !digits.contains(first) else { return false }
        let isReserved = !allowsColon && name.hasPrefix("__")
        return !isReserved
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    true
                case UInt8(ascii: ":"): allowsColon
                default: false
                }
            }
    }

    private static func number(_ text: String) -> Double? {
        switch text {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) } ? Double(text) : nil
        }
    }
}
