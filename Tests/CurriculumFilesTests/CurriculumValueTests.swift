import AntidoteCore
import AntidoteLessons
import CurriculumFiles
import Foundation
import Testing

@Suite struct CurriculumValueTests {
    @Test func aCurriculumSurvivesJSON() throws {
        let curriculum = try Sandbox(GoodCurriculum.files).read().curriculum
        let data = try JSONEncoder().encode(curriculum)
        #expect(try JSONDecoder().decode(Curriculum.self, from: data) == curriculum)
    }

    @Test func everythingThatIsWrittenIsRead() throws {
        let curriculum = try Sandbox(GoodCurriculum.files).read().curriculum
        let lesson = try #require(curriculum.lessons["first"])
        #expect(lesson.directory == "lessons/tools/first")
        #expect(lesson.category == .tools && lesson.tier == .prod && lesson.collection == "acme")
        #expect(lesson.prereqs == ["second"] && lesson.tags == ["a", "b"] && lesson.readyDelay == .seconds(20))
        #expect(lesson.authors == [Author(name: "Somebody", link: "https://example.org/somebody")])
        #expect(lesson.endpoints.map(\.name) == ["linux-1", "vqfx-1", "plain"])
        #expect(lesson.endpoint(named: "linux-1")?.additionalPorts == [8080])
        #expect(
            lesson.endpoint(named: "linux-1")?.presentations == [
                Presentation(name: "cli", port: 22, kind: .ssh), Presentation(name: "web", port: 80, kind: .http),
            ]
        )
        #expect(lesson.connections.map(\.subnet) == [IPv4Subnet("10.1.0.0/24"), IPv4Subnet("10.2.0.0/24")])
        #expect(lesson.stages[1].guide == Guide(kind: .jupyter, path: "stage1/guide.ipynb"))
        #expect(
            lesson.stages[1].objectives == [
                Objective(text: "Do this", script: "stage1/objectives/objective0.py"),
                Objective(text: "Do that", script: "stage1/objectives/objective1.py"),
            ]
        )
        #expect(lesson.stages[1].completeMessage == "Congratulations")
        #expect(curriculum.images["utility"]?.networkInterfaces == ["net0", "net1"])
        #expect(curriculum.images["utility"]?.enableForwarding == true)
        #expect(curriculum.collections["acme"]?.kind == .vendor)
        #expect(curriculum.info.antidoteVersion == "v1.0.0")
    }

    @Test func passwordsOfImagesDoNotPrint() throws {
        let curriculum = try Sandbox(GoodCurriculum.files).read().curriculum
        var dumped = ""
        dump(curriculum, to: &dumped)
        #expect(!"\(curriculum) \(String(reflecting: curriculum)) \(dumped)".contains("antidotepassword"))
    }

    @Test(arguments: ["../x", "a/../../x", "..//\u{301}x", "../\u{301}x", "a/..", "/a", "a//b", "."])
    func noFileOfALessonLeavesItsDirectory(_ path: String) {
        #expect(throws: AntidoteError.self) { try FileSet([FileSet.File(path: path, contents: [])]) }
    }
}
