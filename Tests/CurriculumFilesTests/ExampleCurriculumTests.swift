import AntidoteCore
import AntidoteLessons
import CurriculumFiles
import Testing

@Suite struct ExampleCurriculumTests {
    private let reader = CurriculumReader(directory: Repository.root + "/Examples/curriculum")

    @Test func itHasNoProblem() throws {
        let result = reader.read()
        #expect(ValidationReport(result).text == "2 lessons, no errors, no warnings\n")
        #expect(result.curriculum.images.keys.sorted() == ["webserver", "workstation"])
    }

    @Test func helloNetworkIsConfiguredAtEveryStage() throws {
        let lesson = try #require(reader.read().curriculum.lessons["hello-network"])
        #expect(lesson.stages.count == 3)
        for (number, stage) in lesson.stages.enumerated() {
            #expect(
                stage.configurations == [
                    LessonConfiguration(
                        endpoint: "workstation",
                        kind: .python,
                        path: "stage\(number)/configs/workstation.py"
                    ),
                    LessonConfiguration(
                        endpoint: "webserver",
                        kind: .ansible,
                        path: "stage\(number)/configs/webserver.yml"
                    ),
                ]
            )
            #expect(!stage.objectives.isEmpty)
        }
        #expect(lesson.connections.first?.subnet == IPv4Subnet("10.20.30.0/24"))
    }

    @Test func everyFileThatALessonNamesIsAmongItsFiles() throws {
        for lesson in reader.read().curriculum.lessonsInOrder {
            let paths = try Set(reader.lessonFiles(for: lesson).entries.map(\.path))
            for stage in lesson.stages {
                #expect(paths.contains(stage.guide.path))
                #expect(paths.isSuperset(of: stage.configurations.map(\.path)))
                #expect(paths.isSuperset(of: stage.objectives.map(\.script)))
            }
        }
    }
}
