import AntidoteCore
import AntidoteLessons
import CurriculumFiles
import Foundation
import Testing

@Suite struct ValidationReportTests {
    private func faulty() throws -> CurriculumReadResult {
        let sandbox = try Sandbox(
            GoodCurriculum.replacing("image: utility", with: "image: utilty", in: GoodCurriculum.second)
        )
        try sandbox.write(
            GoodCurriculum.image,
            (GoodCurriculum.files[GoodCurriculum.image] ?? "") + "\nprivileged: yes\n"
        )
        return sandbox.read()
    }

    @Test func itIsReadByPeople() throws {
        let report = ValidationReport(try faulty())
        #expect(
            report.text == """
                images/utility/image.meta.yaml:10:1: warning[key-unknown]: an image has no field “privileged”
                    Remove it. There are: slug, description, flavor, enableForwarding, networkInterfaces, sshUser, \
                sshPassword, configUser, configPassword.
                lessons/second/lesson.meta.yaml:9:10: error[image-unknown]: there is no image “utilty”
                    Did you mean “utility”?
                1 lesson, 1 error, 1 warning

                """
        )
        #expect(!report.isValid)
    }

    @Test func itIsReadByPrograms() throws {
        struct Report: Decodable {
            struct Entry: Decodable {
                let severity: String
                let rule: String
                let file: String
                let line: Int?
                let column: Int?
                let message: String
                let advice: String
            }

            let valid: Bool
            let lessons: Int
            let errors: Int
            let warnings: Int
            let problems: [Entry]
        }
        let text = try ValidationReport(faulty()).json()
        let report = try JSONDecoder().decode(Report.self, from: Data(text.utf8))
        #expect(!report.valid)
        #expect(report.lessons == 1 && report.errors == 1 && report.warnings == 1)
        let last = try #require(report.problems.last)
        #expect(last.rule == "image-unknown")
        #expect(last.severity == "error")
        #expect(last.file == GoodCurriculum.second)
        #expect(last.line == 9 && last.column == 10)
        #expect(last.message == "there is no image “utilty”")
        #expect(last.advice == "Did you mean “utility”?")
    }

    @Test func aLessonWithAnErrorIsLeftOutAndTheRestIsNot() throws {
        let result = try faulty()
        #expect(result.curriculum.lessons.keys.sorted() == ["first"])
        #expect(result.errors(ofLesson: "second").map(\.rule.id) == ["image-unknown"])
        #expect(result.errors(ofLesson: "first").isEmpty)
        #expect(result.errors(ofLesson: "third").isEmpty)
        #expect(result.problems(under: "lessons/second").count == 1)
        #expect(result.problems(under: "lessons/sec").isEmpty)
    }
}
