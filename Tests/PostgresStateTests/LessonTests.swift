import AntidoteCore
import PostgresState
import Testing

@Suite struct LessonTests {
    private func edition(_ text: String, lessons: [String] = ["intro", "bgp"]) throws -> CurriculumEdition {
        var curriculum = Curriculum(info: CurriculumInfo(name: "Test “\(text)”"), version: text)
        let login = ImageLogin(username: "antidote", password: "antidotepassword")
        curriculum.images["utility"] = ImageDefinition(slug: "utility", sshLogin: login, configurationLogin: login)
        curriculum.images["other"] = ImageDefinition(slug: "other", sshLogin: login, configurationLogin: login)
        curriculum.collections["c"] = LessonCollection(slug: "c", title: "C")
        var files: [String: FileSet] = [:]
        for slug in lessons {
            curriculum.lessons[slug] = Lesson(
                slug: slug,
                name: "\(slug) \(text)",
                stages: [LessonStage(description: "one", guide: Guide(path: "stage0/guide.md"))],
                endpoints: [LessonEndpoint(name: "linux1", image: "utility")],
                readyDelay: .milliseconds(1500)
            )
            files[slug] = try FileSet([
                FileSet.File(path: "stage0/guide.md", contents: Array("# \(text)".utf8)),
                FileSet.File(path: "configs/run.sh", mode: 0o755, contents: [0, 255, 10]),
                FileSet.File(path: "empty", contents: []),
            ])
        }
        return CurriculumEdition(curriculum: curriculum, files: files)
    }

    @Test func anImportReplacesTheCurriculum() async throws {
        try await withStore { store, configuration in
            #expect(try await store.currentCurriculum() == nil)
            #expect(await storeFailure { try await store.currentEdition(of: "intro") }?.code == .notFound)
            let first = try edition("first")
            try await store.replaceCurriculum(with: first)
            try await store.replaceCurriculum(with: first)
            #expect(try await store.currentCurriculum() == first.curriculum)
            #expect(try await store.currentEdition(of: "intro") == first.lesson("intro"))

            let second = try edition("second", lessons: ["intro"])
            try await store.replaceCurriculum(with: second)
            let other = try await PostgresStateStore.open(configuration, time: .system, random: .system)
            #expect(try await other.currentCurriculum() == second.curriculum)
            #expect(try await other.currentEdition(of: "intro") == second.lesson("intro"))
            // What runs keeps its version.
            let version = first.curriculum.version
            #expect(try await other.edition(of: "bgp", version: version) == first.lesson("bgp"))
            #expect(await storeFailure { try await other.currentEdition(of: "bgp") }?.code == .notFound)
            let near = await storeFailure { try await other.currentEdition(of: "intra") }
            #expect(near?.advice?.contains("intro") == true)
            // And back again.
            try await other.replaceCurriculum(with: first)
            #expect(try await store.currentEdition(of: "bgp") == first.lesson("bgp"))
            await other.close()
        }
    }

    @Test func manyImportsAtOnceLeaveOneWhole() async throws {
        try await withStore { store, _ in
            let editions = try (0..<6).map { try edition("edition \($0)") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for next in editions { group.addTask { try await store.replaceCurriculum(with: next) } }
                for _ in 0..<20 {
                    group.addTask {
                        guard let read = try await store.currentCurriculum() else { return }
                        #expect(editions.contains { $0.curriculum == read })
                    }
                }
                try await group.waitForAll()
            }
            let current = try #require(try await store.currentCurriculum())
            let whole = try #require(editions.first { $0.curriculum == current })
            #expect(try await store.currentEdition(of: "intro") == whole.lesson("intro"))
        }
    }

    @Test func whatNothingRunsIsForgotten() async throws {
        try await withStore { store, configuration in
            let first = try edition("first")
            try await store.replaceCurriculum(with: first)
            var request = Sample.request()
            request.source.version = first.curriculum.version
            _ = try await store.admit(request)
            try await store.replaceCurriculum(with: edition("second"))
            try await store.replaceCurriculum(with: edition("third"))
            var forgotten = 0
            try await until("one is forgotten") {
                forgotten += try await store.forget(olderThan: .zero, limit: 10)
                return forgotten == 1
            }
            let fresh = try await PostgresStateStore.open(configuration, time: .system, random: .system)
            let kept = try await fresh.edition(of: "intro", version: first.curriculum.version)
            #expect(kept == first.lesson("intro"))
            let second = try edition("second").curriculum.version
            #expect(await storeFailure { try await fresh.edition(of: "intro", version: second) }?.code == .notFound)
            await fresh.close()
        }
    }

    @Test func anImportThatFailsChangesNothing() async throws {
        try await withStore { store, _ in
            let first = try edition("first")
            try await store.replaceCurriculum(with: first)
            var broken = try edition("second").curriculum
            broken.lessons["intro"]?.name = "NUL \0"
            let second = CurriculumEdition(curriculum: broken, files: [:])
            _ = await storeFailure { try await store.replaceCurriculum(with: second) }
            #expect(try await store.currentCurriculum() == first.curriculum)
        }
    }
}
