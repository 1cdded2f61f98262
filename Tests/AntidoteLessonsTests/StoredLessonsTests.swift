import AntidoteLessons
import Synchronization
import Testing

@_spi(StoreKit) @testable import AntidoteCore

@Suite("Lessons in a store", .timeLimit(.minutes(1)))
struct StoredLessonsTests {
    private let store = CountingStore()

    private var lessons: StoredLessons { StoredLessons(store) }

    private func edition(_ slugs: [String], text: String = "old") throws -> CurriculumEdition {
        let login = ImageLogin(username: "antidote", password: "antidotepassword")
        var curriculum = Curriculum(info: CurriculumInfo(name: "Suite “\(text)” 🐙", description: text), version: text)
        curriculum.images["box"] = ImageDefinition(slug: "box", sshLogin: login, configurationLogin: login)
        curriculum.images["other"] = ImageDefinition(slug: "other", sshLogin: login, configurationLogin: login)
        curriculum.collections["c"] = LessonCollection(slug: "c", title: "Ç")
        var files: [String: FileSet] = [:]
        for slug in slugs {
            curriculum.lessons[slug] = Lesson(
                slug: slug,
                name: "Lesson \(slug)",
                stages: [
                    LessonStage(description: "line\n\t\"two\" \\ \u{1F419}", guide: Guide(path: "stage0/guide.md")),
                    LessonStage(
                        guide: Guide(path: "stage1/guide.md"),
                        configurations: [
                            LessonConfiguration(endpoint: "box1", kind: .napalm, driver: .junos, path: "c")
                        ],
                        objectives: [Objective(text: "do it", script: "stage1/objectives/objective0.py")]
                    ),
                ],
                endpoints: [
                    LessonEndpoint(
                        name: "box1",
                        image: "box",
                        additionalPorts: [80, 65_535],
                        presentations: [Presentation(name: "cli", port: 22, kind: .ssh)]
                    )
                ],
                connections: [LessonConnection(a: "box1", b: "box1")],
                readyDelay: .milliseconds(1500)
            )
            let guide = Array("# \(slug) \(text)\n".utf8)
            files[slug] = try FileSet([FileSet.File(path: "stage0/guide.md", contents: guide)])
        }
        return CurriculumEdition(curriculum: curriculum, files: files)
    }

    @Test func `before the first import there is no curriculum, and the error says what to do`() async throws {
        #expect(try await lessons.currentCurriculum() == nil)
        let error = await #expect(throws: AntidoteError.self) { try await lessons.currentEdition(of: "intro") }
        #expect(error?.code == .notFound)
        #expect(error?.recovery?.contains("import") == true)
    }

    @Test func `an imported curriculum is read back as it was`() async throws {
        let edition = try edition(["intro", "routing"])
        try await lessons.replaceCurriculum(with: edition)
        #expect(try await lessons.currentCurriculum() == edition.curriculum)
        for slug in ["intro", "routing"] {
            let found = try await lessons.currentEdition(of: slug)
            #expect(found == edition.lesson(slug))
            #expect(found.images.keys.sorted() == ["box"])
        }
        let version = edition.curriculum.version
        #expect(try await lessons.edition(of: "intro", version: version) == edition.lesson("intro"))
    }

    @Test func `an import replaces everything, and what runs keeps its edition`() async throws {
        let (old, new) = (try edition(["intro", "routing"]), try edition(["intro", "bgp"], text: "new"))
        try await lessons.replaceCurriculum(with: old)
        try await lessons.replaceCurriculum(with: new)
        #expect(try await lessons.currentCurriculum() == new.curriculum)
        #expect(try await lessons.currentEdition(of: "intro") == new.lesson("intro"))
        let gone = await #expect(throws: AntidoteError.self) { try await lessons.currentEdition(of: "routing") }
        #expect(gone?.code == .notFound)
        let kept = try await lessons.edition(of: "routing", version: old.curriculum.version)
        #expect(kept == old.lesson("routing"))
    }

    @Test func `a missing lesson is an error that names the nearest one`() async throws {
        try await lessons.replaceCurriculum(with: edition(["intro", "routing"]))
        let error = await #expect(throws: AntidoteError.self) { try await lessons.currentEdition(of: "ruoting") }
        #expect(error?.code == .notFound)
        #expect(error?.recovery?.contains("routing") == true)
        let old = await #expect(throws: AntidoteError.self) { try await lessons.edition(of: "intro", version: "0") }
        #expect(old?.code == .notFound)
    }

    @Test func `an edition is read from the store once`() async throws {
        let edition = try edition(["intro"])
        let lessons = lessons
        try await lessons.replaceCurriculum(with: edition)
        for _ in 0..<3 {
            let found = try await lessons.edition(of: "intro", version: edition.curriculum.version)
            #expect(found == edition.lesson("intro"))
        }
        #expect(store.reads == 1)
    }

    @Test func `a document that cannot be read is an error that names it`() async throws {
        let documents = ["lesson/intro": Array("nonsense".utf8)]
        try await store.replaceSources(
            with: SourceEdition(kind: LessonPlanner.sourceKind, version: "1", documents: documents)
        )
        let error = await #expect(throws: AntidoteError.self) { try await lessons.currentCurriculum() }
        #expect(error?.code == .internalFault)
        #expect(error?.message.contains("lesson/intro") == true)
    }

    private final class CountingStore: SourceStore {
        private let base = InMemoryStateStore(time: .system, random: .system)
        private let count = Mutex(0)

        var reads: Int { count.withLock { $0 } }

        func replaceSources(with edition: SourceEdition) async throws {
            try await base.replaceSources(with: edition)
        }

        func sources(_ query: SourceQuery) async throws -> SourceEdition? {
            count.withLock { $0 += 1 }
            return try await base.sources(query)
        }
    }
}
