import AntidoteCore
import AntidoteLessons
import CurriculumFiles
import Testing

@Suite struct ManyLessonsTests {
    private func sandbox(lessons: Int, prereq: (Int) -> String) throws -> Sandbox {
        var files = GoodCurriculum.files
        for number in 0..<lessons {
            let text = (GoodCurriculum.files[GoodCurriculum.second] ?? "")
                .replacingFirst("slug: second", with: "slug: many-\(number)\nprereqs: [\(prereq(number))]")
            files["lessons/many/\(number)/lesson.meta.yaml"] = text
            files["lessons/many/\(number)/stage0/guide.md"] = "# Guide"
        }
        return try Sandbox(files)
    }

    @Test func twoHundredLessonsAreReadInReason() throws {
        let sandbox = try sandbox(lessons: 200) { $0 == 0 ? "" : "many-\($0 - 1)" }
        let clock = ContinuousClock()
        var result: CurriculumReadResult?
        let time = clock.measure { result = sandbox.read() }
        #expect(result?.problems.isEmpty == true)
        #expect(result?.curriculum.lessons.count == 202)
        #expect(time < .seconds(10))
    }

    @Test func aLongWayRoundIsACircle() throws {
        let sandbox = try sandbox(lessons: 200) { "many-\(($0 + 199) % 200)" }
        let problems = sandbox.read().problems
        #expect(problems.count == 200)
        #expect(Set(problems.map(\.rule.id)) == ["prereq-cycle"])
        #expect(problems.first?.message.hasPrefix("these need each other: many-0, many-1, many-10") == true)
    }

    @Test func whoOnlyNeedsACircleIsNotInIt() throws {
        let sandbox = try sandbox(lessons: 5) { ["many-1", "many-0", "many-1", "", "many-2"][$0] }
        let files = sandbox.read().problems.map(\.file)
        #expect(files == ["lessons/many/0/lesson.meta.yaml", "lessons/many/1/lesson.meta.yaml"])
    }
}
