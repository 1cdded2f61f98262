import AntidoteCore
import AntidoteLessons
import Foundation

@testable import CurriculumFiles

/// A curriculum's files, read as the program reads them: out of a directory.
enum CurriculumTargets {
    private static let lessonFile = "lessons/fuzz/lesson.meta.yaml"
    private static let catalogueFiles = [
        "curriculum.meta.yaml", "collections/fuzz/collection.meta.yaml", "images/fuzz/image.meta.yaml",
    ]
    private static let around: [String: String] = [
        "curriculum.meta.yaml": "name: Fuzz\ndescription: Fuzz\nwebsite: https://example.org\naVer: v1.0.0\n",
        "collections/acme/collection.meta.yaml":
            "slug: acme\ntitle: Acme\ntype: vendor\ntier: prod\nbriefDescription: Brief\nlongDescription: Long\n",
        "images/utility/image.meta.yaml":
            "slug: utility\ndescription: A utility\nflavor: untrusted\nsshUser: a\nsshPassword: b\n"
            + "configUser: a\nconfigPassword: b\n",
        "lessons/fuzz/stage0/guide.md": "# Zero\n",
        "lessons/fuzz/stage0/configs/linux-1.py": "print(0)\n",
        "lessons/fuzz/stage1/guide.ipynb": "{}\n",
        "lessons/fuzz/stage1/configs/linux-1.py": "print(1)\n",
        "lessons/fuzz/stage1/objectives/objective0.py": "raise SystemExit(0)\n",
    ]

    /// In memory where the system has such a place; it is the process's own.
    private static let directory: String = {
        let base = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()
        let directory = "\(base)antidote-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
        for (file, text) in around { write(Array(text.utf8), to: directory + "/" + file) }
        atexit { try? FileManager.default.removeItem(atPath: CurriculumTargets.directory) }
        return directory
    }()

    static func lesson(_ bytes: [UInt8]) {
        // In memory first, since files cost a hundred times more: they are for what may be a lesson.
        var decoder = LessonDecoder(findings: Findings(file: lessonFile))
        guard let root = node(bytes), decoder.decode(root)?.slug != nil else { return }
        let result = read([lessonFile], bytes)
        let isFaulty = result.problems.contains { $0.file == lessonFile && $0.severity == .error }
        require(!isFaulty || result.curriculum.lessons.isEmpty, "a lesson with an error is used")
        for lesson in result.curriculum.lessons.values {
            guard let encoded = try? JSONEncoder().encode(lesson) else {
                return require(false, "a lesson does not encode")
            }
            require((try? JSONDecoder().decode(Lesson.self, from: encoded)) == lesson, "a lesson changes on its way")
        }
    }

    static func catalogue(_ bytes: [UInt8]) {
        guard node(bytes) != nil else { return }
        let result = read(catalogueFiles, bytes)
        require(result.curriculum.lessons.isEmpty, "there is a lesson")
    }

    /// Reads the curriculum with `bytes` as `files`, twice, and checks what holds for any curriculum.
    private static func read(_ files: [String], _ bytes: [UInt8]) -> CurriculumReadResult {
        for file in files { write(bytes, to: directory + "/" + file) }
        let reader = CurriculumReader(directory: directory)
        let result = reader.read()
        let again = reader.read()
        require(
            result.problems == again.problems && result.curriculum == again.curriculum,
            "read twice, read otherwise"
        )
        require(result.problems == result.problems.sorted(), "the problems are in no order")
        let lines = lineLengths(of: bytes)
        for problem in result.problems {
            require(isHarmless(problem.message + problem.advice), "\(problem) holds control characters")
            guard files.contains(problem.file), let location = problem.location else { continue }
            check(location, of: "\(problem)", in: lines)
        }
        require((try? ValidationReport(result).json()) != nil, "the report does not encode")
        return result
    }

    /// `nil` for what is not YAML, or says nothing.
    private static func node(_ bytes: [UInt8]) -> YAMLNode? {
        do {
            let document = try YAMLLoader.load(bytes, nodeLimit: 10_000)
            let lines = lineLengths(of: bytes)
            for key in document.replacedKeys { check(key.location, of: key.value, in: lines) }
            return document.root
        } catch {
            if let location = error.location { check(location, of: error.message, in: lineLengths(of: bytes)) }
            return nil
        }
    }

    private static func check(_ location: Location, of problem: String, in lines: [Int]) {
        require((1...lines.count).contains(location.line), "“\(problem)” is in line \(location.line) of \(lines.count)")
        let length = lines[location.line - 1]
        // One behind the end is where something is missing.
        require((1...length + 1).contains(location.column), "“\(problem)” is behind the \(length) of its line")
    }

    /// In Unicode scalars. Lines end as libyaml ends them.
    private static func lineLengths(of bytes: [UInt8]) -> [Int] {
        var scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        var lengths = [0]
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            case "\n" where index > 0 && scalars[index - 1] == "\r": break
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": lengths.append(0)
            default: lengths[lengths.count - 1] += 1
            }
        }
        return lengths
    }

    private static func isHarmless(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }

    private static func write(_ bytes: [UInt8], to path: String) {
        let place = URL(fileURLWithPath: path)
        do {
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(bytes).write(to: place)
        } catch {
            require(false, "\(path) cannot be written: \(error)")
        }
    }
}
