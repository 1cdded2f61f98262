import AntidoteCore
import AntidoteLessons
import CurriculumFiles
import Foundation
import Testing

@Suite struct LessonFilesTests {
    private func reader(_ sandbox: Sandbox, limits: CurriculumLimits = CurriculumLimits()) -> CurriculumReader {
        CurriculumReader(directory: sandbox.path, limits: limits)
    }

    private func first(_ sandbox: Sandbox) throws -> Lesson {
        try #require(sandbox.read().curriculum.lessons["first"])
    }

    @Test func jobsSeeEverything() throws {
        let sandbox = try Sandbox(GoodCurriculum.files)
        let files = try reader(sandbox).lessonFiles(for: first(sandbox))
        let prefix = "lessons/tools/first/"
        let expected = GoodCurriculum.files.keys.filter { $0.hasPrefix(prefix) }.map {
            String($0.dropFirst(prefix.count))
        }
        #expect(files.entries.map(\.path) == expected.sorted())
        #expect(files.entries.first { $0.path == "data/file.txt" }?.contents == Array("data".utf8))
    }

    @Test func learnersSeeNeitherConfigurationsNorChecks() throws {
        let sandbox = try Sandbox(GoodCurriculum.files)
        let lesson = try first(sandbox)
        let files = try reader(sandbox).lessonFiles(for: lesson)
        let edition = LessonEdition(lesson: lesson, version: "", images: [:], files: files)
        #expect(
            edition.filesForLearners.entries.map(\.path)
                == ["data/file.txt", "lesson.meta.yaml", "stage0/guide.md", "stage1/guide.ipynb"]
        )
    }

    @Test func modesAreKeptAsFarAsTheyMatter() throws {
        let sandbox = try Sandbox(GoodCurriculum.files)
        let script = sandbox.path + "/lessons/tools/first/data/file.txt"
        try FileManager.default.setAttributes([.posixPermissions: 0o4711], ofItemAtPath: script)
        let files = try reader(sandbox).lessonFiles(for: first(sandbox))
        #expect(Set(files.entries.map(\.mode)) == [0o644, 0o755])
        #expect(files.entries.filter { $0.mode == 0o755 }.map(\.path) == ["data/file.txt"])
    }

    @Test func aLinkInsideIsTheFileThatItLeadsTo() throws {
        let sandbox = try Sandbox(GoodCurriculum.files)
        try sandbox.write("lessons/common/key.txt", "common")
        try sandbox.link("lessons/tools/first/key.txt", to: "../../common/key.txt")
        #expect(sandbox.read().problems.isEmpty)
        let files = try reader(sandbox).lessonFiles(for: first(sandbox))
        #expect(files.entries.first { $0.path == "key.txt" }?.contents == Array("common".utf8))
    }

    @Test func theFilesOfALessonWithinAreItsOwn() throws {
        let sandbox = try Sandbox(GoodCurriculum.files)
        let text = (GoodCurriculum.files[GoodCurriculum.second] ?? "").replacingFirst("second", with: "inner")
        try sandbox.write("lessons/tools/first/inner/lesson.meta.yaml", text)
        try sandbox.write("lessons/tools/first/inner/stage0/guide.md", "# Inner")
        let files = try reader(sandbox).lessonFiles(for: first(sandbox))
        #expect(!files.entries.contains { $0.path.hasPrefix("inner") })
        let inner = try #require(sandbox.read().curriculum.lessons["inner"])
        #expect(try reader(sandbox).lessonFiles(for: inner).entries.count == 2)
    }

    @Test func whatWentWrongSinceIsAnErrorWithAdvice() throws {
        let sandbox = try Sandbox(GoodCurriculum.files)
        let lesson = try first(sandbox)
        try sandbox.link("lessons/tools/first/data/link", to: "/etc/passwd")
        let error = #expect(throws: AntidoteError.self) { try reader(sandbox).lessonFiles(for: lesson) }
        #expect(error?.code == .curriculumInvalid)
        #expect(error?.message.contains("data/link") == true)
        #expect(error?.recovery?.isEmpty == false)
        try sandbox.remove("lessons/tools")
        #expect(throws: AntidoteError.self) { try reader(sandbox).lessonFiles(for: lesson) }
    }

    @Test(arguments: ["../outside", "/etc", "", ".", "lessons/../../x", "lessons/tools/./first", "lessons"])
    func aDirectoryThatIsNoLessonsIsRefused(_ directory: String) throws {
        let sandbox = try Sandbox(GoodCurriculum.files)
        var lesson = try first(sandbox)
        lesson.directory = directory
        let error = #expect(throws: AntidoteError.self) { try reader(sandbox).lessonFiles(for: lesson) }
        #expect(error?.code == .curriculumInvalid)
    }

    @Test func aLessonThatIsTooLargeIsRefused() throws {
        let sandbox = try Sandbox(GoodCurriculum.files)
        let lesson = try first(sandbox)
        let limits = CurriculumLimits(lessonSize: 100)
        let error = #expect(throws: AntidoteError.self) { try reader(sandbox, limits: limits).lessonFiles(for: lesson) }
        #expect(error?.code == .curriculumInvalid)
    }

    @Test func theVersionChangesWithTheMetaData() throws {
        let sandbox = try Sandbox(GoodCurriculum.files)
        let version = sandbox.read().curriculum.version
        #expect(version.count == 32)
        #expect(sandbox.read().curriculum.version == version)
        try sandbox.write("lessons/second/new.txt", "")
        let other = sandbox.read().curriculum.version
        #expect(other != version)
        try sandbox.write("curriculum.meta.yaml", "name: Other\ndescription: Other")
        #expect(sandbox.read().curriculum.version != other)
    }
}
