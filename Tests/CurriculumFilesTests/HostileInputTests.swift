import AntidoteCore
import AntidoteLessons
import CurriculumFiles
import Foundation
import Testing

/// What nobody writes by mistake. Each ends in problems, and soon.
@Suite(.timeLimit(.minutes(1))) struct HostileInputTests {
    private func rules(_ text: String) throws -> [String] { try rules(Array(text.utf8)) }

    private func rules(_ bytes: [UInt8]) throws -> [String] {
        let sandbox = try Sandbox(GoodCurriculum.files)
        try sandbox.write("curriculum.meta.yaml", bytes)
        return sandbox.read().problems.map(\.rule.id)
    }

    @Test func aliasesThatDoubleAndDoubleAreCutOff() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(try rules(text) == ["yaml-too-complex"])
    }

    /// The parser hashes keys, and would follow every alias in them before anything is counted.
    @Test(arguments: ["? *a9\n: x\n", "*a9 : x\n", "[*a9]: x\n", "{*a9}\n", "z: {[*a9, *a9]}\n", "z: {?*a9 : x}\n"])
    func aliasesInKeysAreRefused(_ key: String) throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(try rules(text + key) == ["yaml-too-complex"])
    }

    @Test(arguments: ["a: &a [*a]\n", "a: &a {b: *a}\n", "a: *b\nb: &b x\n"])
    func anchorsInACircleAreRefused(_ text: String) throws {
        let found = try rules(text)
        #expect(found == ["yaml-syntax"] || found == ["yaml-too-complex"])
    }

    @Test func aliasesThatAreHonestAreFollowed() throws {
        let sandbox = try Sandbox(GoodCurriculum.files)
        let text = GoodCurriculum.replacing(
            "    type: http\n",
            with: "    type: http\n  - &cli\n    name: other\n    port: 23\n    type: ssh\n",
            in: GoodCurriculum.lesson
        )[GoodCurriculum.lesson]
        let merged = text?.replacingFirst("  image: router\n", with: "  image: router\n  additionalPorts: [1]\n")
            .replacingFirst(
                "  presentations:\n  - name: cli\n    port: 22\n    type: ssh\n- name: plain",
                with: "  presentations:\n  - *cli\n- name: plain"
            )
        try sandbox.write(GoodCurriculum.lesson, merged ?? "")
        let result = sandbox.read()
        #expect(result.problems.map(\.description) == [])
        let endpoint = result.curriculum.lessons["first"]?.endpoint(named: "vqfx-1")
        #expect(endpoint?.presentations == [Presentation(name: "other", port: 23, kind: .ssh)])
    }

    @Test func mergeKeysGiveWhatIsNotThere() throws {
        let sandbox = try Sandbox(GoodCurriculum.files)
        let text = GoodCurriculum.files[GoodCurriculum.second]?
            .replacingFirst("  - name: cli\n", with: "  - &base\n    name: cli\n")
            .replacingFirst("stages:", with: "  - <<: *base\n    name: other\nstages:")
        try sandbox.write(GoodCurriculum.second, text ?? "")
        let result = sandbox.read()
        #expect(result.problems.map(\.description) == [])
        let endpoint = result.curriculum.lessons["second"]?.endpoints.first
        #expect(endpoint?.presentations.map(\.name) == ["cli", "other"])
        #expect(endpoint?.presentations.map(\.port) == [22, 22])
    }

    @Test(arguments: ["[", "{a: ", "- ", "? ", "a: [", "{", "- [", "!!x ["])
    func nestingWithoutEndIsRefused(_ opening: String) throws {
        for count in [100, 2000, 200_000] {
            let found = try rules(String(repeating: opening, count: count))
            #expect(!found.isEmpty)
            guard count > 100 else { continue }
            #expect(found == ["yaml-syntax"] || found == ["yaml-too-complex"], "\(count)")
        }
        #expect(
            try rules("x: " + String(repeating: "[", count: 900) + String(repeating: "]", count: 900)) == [
                "yaml-too-complex"
            ]
        )
    }

    @Test func manyProblemsInOneFileAreCutOff() throws {
        let keys = (0..<5000).map { "key\($0): x" }.joined(separator: "\n")
        let found = try rules("name: x\ndescription: x\n" + keys)
        #expect(found.count == 201)
        #expect(found.count { $0 == "key-unknown" } == 200)
        #expect(found.contains("too-many-problems"))
    }

    @Test func manyProblemsTogetherAreCutOff() throws {
        let sandbox = try Sandbox(GoodCurriculum.files)
        for number in 0..<30 { try sandbox.write("lessons/bad\(number)/lesson.meta.yaml", "[]") }
        let problems = sandbox.read(limits: CurriculumLimits(problems: 10)).problems
        #expect(problems.count == 11)
        #expect(problems.last?.rule.id == "too-many-problems")
    }

    @Test func oneKeyAgainAndAgainIsForgivenToAPoint() throws {
        let good = "name: last\ndescription: x\n"
        let sandbox = try Sandbox(GoodCurriculum.files)
        try sandbox.write("curriculum.meta.yaml", "name: first\n\"name\": second\n" + good)
        let result = sandbox.read()
        #expect(
            result.problems.map { "\($0.location?.line ?? 0) \($0.rule.id)" } == [
                "1 yaml-duplicate-key", "2 yaml-duplicate-key",
            ]
        )
        #expect(result.curriculum.info.name == "last")
        #expect(try rules(String(repeating: "name: x\n", count: 1000)) == ["yaml-syntax"])
    }

    @Test(arguments: [
        "\u{0}", "name: \u{0}\n", "name: \u{1B}[2J\n", "\t- a", "%YAML 9.9\n---\na", "name: \"\\uD800\"", "&", "*", "!",
        "@", "`", "a: |9", "---\n---\n---", "...",
    ])
    func oddTextsAreProblems(_ text: String) throws {
        #expect(try !rules(text).isEmpty)
    }

    /// Found by fuzzing: the parser tells of a line after the last, where that has no end; other lines and a mark of the
    /// byte order were counted otherwise than by it.
    @Test(arguments: [
        "a: b\nc", "a: 1\u{2028}c", "a: \"", "a: [", "\u{FEFF}a: b\r\nc", "\u{FEFF}&a {*a : b}", "x: &a\u{2028}? *a",
    ])
    func aFaultIsInItsFile(_ text: String) throws {
        let sandbox = try Sandbox(GoodCurriculum.files)
        try sandbox.write(GoodCurriculum.second, text)
        let lines = text.split(omittingEmptySubsequences: false) { ["\n", "\r\n", "\u{2028}"].contains($0) }
        let found = sandbox.read().problems(under: GoodCurriculum.second)
        #expect(!found.isEmpty)
        for location in found.compactMap(\.location) {
            let line = location.line <= lines.count ? lines[location.line - 1].unicodeScalars : nil
            #expect(location.column <= (line?.count { $0 != "\u{FEFF}" } ?? -1) + 1, "\(location)")
        }
    }

    @Test func whatCouldSteerATerminalIsMadeHarmless() throws {
        let sandbox = try Sandbox(GoodCurriculum.files)
        let text = GoodCurriculum.replacing(
            "name: cli",
            with: "name: \"\\e[31m\\u202Ered\\r\\n\"",
            in: GoodCurriculum.second
        )
        try sandbox.write(GoodCurriculum.second, text[GoodCurriculum.second] ?? "")
        let report = ValidationReport(sandbox.read()).text
        #expect(report.contains("“\\u{1b}[31m\\u{202e}red"))
        #expect(!report.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202E}" })
    }

    @Test func aSparseFileIsNotRead() throws {
        let sandbox = try Sandbox(GoodCurriculum.files)
        for file in [GoodCurriculum.second, "lessons/tools/first/huge"] {
            try sandbox.write(file, "")
            #expect(truncate(sandbox.path + "/" + file, 1 << 40) == 0)
        }
        let found = sandbox.read().problems.map(\.rule.id)
        #expect(Set(found) == ["file-too-large", "lesson-too-large", "prereq-unknown"])
    }

    @Test func devicesAndSocketsAreRefusedWithoutOpeningThem() throws {
        let sandbox = try Sandbox(GoodCurriculum.files)
        try sandbox.link("lessons/second/zero", to: "/dev/zero")
        try sandbox.pipe("lessons/second/pipe")
        try sandbox.link("lessons/second/to-pipe", to: "pipe")
        let found = sandbox.read().problems.map { "\($0.file) \($0.rule.id)" }
        #expect(
            found == [
                "lessons/second/pipe file-special", "lessons/second/to-pipe file-special",
                "lessons/second/zero symlink-outside",
            ]
        )
    }

    @Test func whatMayNotBeReadIsToldAbout() throws {
        let sandbox = try Sandbox(GoodCurriculum.files)
        for path in [GoodCurriculum.collection, "lessons/second/stage0/guide.md", "lessons/tools/first/data"] {
            try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: sandbox.path + "/" + path)
        }
        defer { chmod(sandbox.path + "/lessons/tools/first/data", 0o755) }
        let found = AsNobody.run { sandbox.read().problems.map { "\($0.file) \($0.rule.id)" } }
        #expect(
            found == [
                "collections/acme/collection.meta.yaml file-unreadable",
                "lessons/second/lesson.meta.yaml file-unreadable",
                "lessons/tools/first/data directory-unreadable",
                "lessons/tools/first/lesson.meta.yaml collection-unknown",
            ]
        )
    }

    @Test func aNameThatIsNotUTF8IsToldAbout() throws {
        let sandbox = try Sandbox(GoodCurriculum.files)
        let path = Array((sandbox.path + "/lessons/second/").utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0]
        let file = fopen(path, "w")
        #expect(file != nil)
        if let file { fclose(file) }
        #expect(sandbox.read().problems.map(\.rule.id) == ["file-name-invalid"])
    }

    @Test(arguments: ["/nowhere/at/all", "/etc/passwd", "", "\u{0}", "/dev/zero"])
    func aDirectoryThatIsNoneIsAProblem(_ directory: String) {
        let result = CurriculumReader(directory: directory).read()
        #expect(result.problems.map(\.rule.id) == ["curriculum-missing"])
        #expect(!ValidationReport(result).isValid)
    }
}
