import AntidoteCore
import AntidoteLessons
import AntidoteRuntime
import CurriculumFiles
import Foundation
import Testing

@Suite("A curriculum's directory as a library")
struct DirectoryLibraryTests {
    private func failure(_ slug: String, in directory: String) -> AntidoteError? {
        #expect(throws: AntidoteError.self) { try ExampleLesson.library(slug, directory: directory) }
    }

    @Test func givesTheLessonWithItsImagesAndFiles() async throws {
        let edition = try await ExampleLesson.edition()
        #expect(edition.lesson.slug == "hello-network")
        #expect(edition.images.keys.sorted() == ["webserver", "workstation"])
        #expect(edition.files.entries.count > 5)
        #expect(edition.version == (try ExampleLesson.library().read.curriculum.version))
    }

    @Test func givesNoLessonThatItDidNotRead() async throws {
        let library = try ExampleLesson.library()
        let error = await #expect(throws: AntidoteError.self) {
            try await library.edition(of: "shell-basics", version: "")
        }
        #expect(error?.code == .notFound)
    }

    @Test func suggestsTheNearestLesson() throws {
        let error = try #require(failure("hello-netwrok", in: ExampleLesson.directory))
        #expect(error.code == .notFound)
        #expect(error.message == "there is no usable lesson “hello-netwrok” in \(ExampleLesson.directory)")
        #expect(error.recovery == "Did you mean “hello-network”? There are: hello-network, shell-basics.")
    }

    @Test func listsTheLessonsWhereNoneIsNear() throws {
        let error = try #require(failure("bgp", in: ExampleLesson.directory))
        #expect(error.recovery == "There are: hello-network, shell-basics.")
    }

    @Test func namesADirectoryThatIsNotThere() throws {
        let error = try #require(failure("bgp", in: "/nonexistent"))
        #expect(error.code == .curriculumInvalid)
        #expect(error.subject == "/nonexistent")
        #expect(error.message.hasPrefix("the directory “/nonexistent” is not there"))
        #expect(error.recovery?.hasSuffix("See everything with: antidote validate /nonexistent") == true)
    }

    @Test func namesTheFirstProblemOfTheLessonAndCountsTheOthers() throws {
        let folder = try Folder()
        let directory = try folder.curriculum()
        let file = "lessons/hello-network/lesson.meta.yaml"
        let text = try String(contentsOfFile: "\(directory)/\(file)", encoding: .utf8)
            .replacingOccurrences(of: "  image: workstation", with: "  image: workstatoin")
        _ = try folder.write("curriculum/\(file)", text)
        let one = try #require(failure("hello-network", in: directory))
        #expect(one.code == .curriculumInvalid)
        #expect(one.subject?.hasPrefix("\(file):") == true)
        #expect(!one.message.contains("more problem"))

        _ = try folder.write("curriculum/\(file)", text.replacingOccurrences(of: "port: 80", with: "port: 80000"))
        let two = try #require(failure("hello-network", in: directory))
        #expect(two.message.hasSuffix(", and one more problem"))
    }

    @Test func aBrokenLessonDoesNotHideAnother() throws {
        let folder = try Folder()
        let directory = try folder.curriculum()
        _ = try folder.write("curriculum/lessons/shell-basics/lesson.meta.yaml", "slug: [\n")
        #expect(throws: Never.self) { try ExampleLesson.library("hello-network", directory: directory) }
        #expect(failure("shell-basics", in: directory)?.code == .curriculumInvalid)
    }
}
