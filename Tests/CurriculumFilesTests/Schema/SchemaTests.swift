import CurriculumFiles
import Foundation
import Testing

/// The schemas for editors against what a validation finds.
@Suite(.timeLimit(.minutes(3))) struct SchemaTests {
    /// What can be seen in a single value or mapping, without the rest of the curriculum and without its files.
    static let rulesOfShape: Set<String> = [
        "collection-slug-invalid", "endpoint-name-invalid", "endpoint-unreachable", "field-missing",
        "image-slug-invalid", "interface-name-duplicate", "interface-name-invalid", "key-unknown",
        "lesson-slug-invalid", "list-too-long", "objectives-empty", "port-out-of-range", "presentation-name-invalid",
        "ready-delay-long", "ready-delay-negative", "subnet-invalid", "subnet-too-small", "value-unknown",
        "wrong-type", "wrong-type-ignored",
    ]

    @Test func everyFileWithoutAnErrorFits() throws {
        var cases = SchemaCase.all(in: GoodCurriculum.files) + SchemaCase.all(in: OldCurriculum.files)
        let examples = Repository.root + "/Examples/curriculum"
        for path in try FileManager.default.subpathsOfDirectory(atPath: examples) {
            guard let kind = CurriculumFile(path: path) else { continue }
            cases.append(
                SchemaCase(kind: kind, text: try String(contentsOfFile: "\(examples)/\(path)", encoding: .utf8))
            )
        }
        #expect(cases.count > 40)
        #expect(Set(cases.map(\.kind)) == Set(CurriculumFile.allCases))
        for (file, errors) in zip(cases, try SchemaValidator.errors(in: cases)) {
            #expect(errors == [], "\(file.text)")
        }
    }

    /// Whatever else is wrong is left to the validation: a schema cannot see it.
    @Test func aFileWithAFaultFitsUnlessTheFaultIsOneOfShape() throws {
        var cases: [(fault: Fault, file: SchemaCase)] = []
        for fault in Faults.all where !fault.rule.hasPrefix("yaml-") {
            guard let kind = CurriculumFile(path: fault.file) else { continue }
            let sandbox = try Sandbox(GoodCurriculum.files)
            try fault.plant(sandbox)
            let url = URL(fileURLWithPath: sandbox.path + "/" + fault.file)
            guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true,
                let text = try? String(contentsOf: url, encoding: .utf8), !text.hasPrefix("# long")
            else { continue }
            cases.append((fault, SchemaCase(kind: kind, text: text)))
        }
        let rules = Set(cases.map(\.fault.rule))
        #expect(Self.rulesOfShape.isSubset(of: rules))
        for (fault, errors) in zip(cases.map(\.fault), try SchemaValidator.errors(in: cases.map(\.file))) {
            #expect(errors.isEmpty != Self.rulesOfShape.contains(fault.rule), "\(fault.testDescription): \(errors)")
        }
    }

    /// Values put in the place of others, one at a time, in every field of every kind of file.
    @Test func aChangedValueFitsWhereAValidationHasNothingAgainstItsShape() throws {
        // What else a lesson consists of is of no concern here, and takes its time.
        let sandbox = try Sandbox(GoodCurriculum.files.filter { $0.key.hasSuffix(".meta.yaml") })
        try sandbox.remove("lessons/second")
        var cases: [SchemaCase] = []
        var descriptions: [String] = []
        var isOfShape: [Bool] = []
        for path in [GoodCurriculum.lesson, GoodCurriculum.image, GoodCurriculum.collection, "curriculum.meta.yaml"] {
            guard let kind = CurriculumFile(path: path), let good = GoodCurriculum.files[path] else { continue }
            for (description, text) in Self.variants(of: good) {
                try sandbox.write(path, text)
                let rules = Set(sandbox.read().problems.filter { $0.file == path }.map(\.rule.id))
                guard !rules.contains(where: { $0.hasPrefix("yaml-") }) else { continue }
                cases.append(SchemaCase(kind: kind, text: text))
                descriptions.append("\(kind.name): \(description): \(rules.sorted())")
                isOfShape.append(!rules.isDisjoint(with: Self.rulesOfShape))
            }
            try sandbox.write(path, good)
        }
        #expect(isOfShape.count { $0 } > 200 && isOfShape.count { !$0 } > 200)
        let errors = try SchemaValidator.errors(in: cases)
        for (index, errors) in errors.enumerated() {
            #expect(errors.isEmpty != isOfShape[index], "\(descriptions[index]) but \(errors)")
        }
    }

    private static let values = [
        "~", "''", "[x]", "{x: y}", "-1", "0", "601", "65536", "true", "'22'", "Word", "word-", "prod", "10.0.0.0/8",
        "10.0.0.256/8", String(repeating: "a", count: 63), String(repeating: "a", count: 64),
    ]

    /// The text with each value in turn replaced by each of ``values``, and with a key before each that nobody knows.
    private static func variants(of text: String) -> [(String, String)] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var variants: [(String, String)] = []
        for (number, line) in lines.enumerated() {
            guard let colon = line.firstRange(of: ": ") else { continue }
            let key = String(line[..<colon.lowerBound])
            var changed = lines
            for value in values {
                changed[number] = "\(key): \(value)"
                variants.append((changed[number], changed.joined(separator: "\n")))
            }
            changed[number] = line.replacing(#/[a-zA-Z]+: /#, with: "unheardOf: ", maxReplacements: 1)
            variants.append((changed[number], changed.joined(separator: "\n")))
        }
        return variants
    }
}
