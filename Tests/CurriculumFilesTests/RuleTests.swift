import AntidoteCore
import AntidoteLessons
import CurriculumFiles
import Testing

@Suite struct RuleTests {
    @Test func theGoodCurriculumHasNoProblem() throws {
        let result = try Sandbox(GoodCurriculum.files).read()
        #expect(result.problems.map(\.description) == [])
        #expect(result.curriculum.lessons.count == 2)
        #expect(result.curriculum.images.count == 2)
        #expect(result.curriculum.collections.count == 1)
    }

    @Test(arguments: Faults.all)
    func aFaultIsThatProblemAndNoOther(_ fault: Fault) throws {
        let sandbox = try Sandbox(GoodCurriculum.files)
        try fault.plant(sandbox)
        let problems = sandbox.read(limits: fault.limits).problems
        let found = problems.map { problem in
            let place = problem.location.map { ":\($0.line):\($0.column)" } ?? ""
            return "\(problem.file)\(place) \(problem.rule.id)"
        }
        #expect(found == ["\(fault.file)\(fault.place) \(fault.rule)"])
        #expect(problems.allSatisfy { !$0.message.isEmpty && !$0.advice.isEmpty })
    }

    /// Rules whose faults come in several at once have tests of their own.
    @Test func everyRuleHasAFault() {
        let elsewhere: Set<String> = [
            "curriculum-missing", "directory-unreadable", "file-unreadable", "too-many-problems",
        ]
        let planted = Set(Faults.all.map(\.rule)).union(elsewhere)
        #expect(Set(Rule.all.map(\.id)).subtracting(planted) == [])
    }

    @Test func idsAreUniqueAndKebabCase() {
        let ids = Rule.all.map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.wholeMatch(of: /[a-z]+(-[a-z0-9]+)*/) != nil })
    }
}
