import AntidoteCore

extension StoreCase {
    static let lessonCases: [StoreCase] = [
        StoreCase(.lessons, "none", "before the first import there is no curriculum, and the error says what to do") {
            bench in
            try require(try await bench.store.currentCurriculum(), is: nil, "the curriculum")
            let error = try await requireError(.notFound, from: "a lesson") {
                try await bench.store.currentEdition(of: "intro")
            }
            try require(error.advice?.contains("import") == true, "the advice is “\(error.advice ?? "")”")
        },
        StoreCase(.lessons, "import", "what was imported is read by every connection, with all its files") { bench in
            let edition = try LessonBench.edition(["intro", "routing"])
            try await bench.store.replaceCurriculum(with: edition)
            for connection in bench.both {
                try require(try await connection.currentCurriculum(), is: edition.curriculum, "the curriculum")
                for slug in ["intro", "routing"] {
                    let found = try await connection.currentEdition(of: slug)
                    try LessonBench.require(found, is: edition.lesson(slug))
                }
                let version = edition.curriculum.version
                let found = try await connection.edition(of: "intro", version: version)
                try LessonBench.require(found, is: edition.lesson("intro"))
            }
        },
        StoreCase(.lessons, "replace", "an import replaces everything at once: what is gone is gone") { bench in
            let old = try LessonBench.edition(["intro", "routing"])
            let new = try LessonBench.edition(["intro", "bgp"], text: "new")
            try await bench.store.replaceCurriculum(with: old)
            _ = try await bench.other.currentCurriculum()
            try await bench.store.replaceCurriculum(with: new)
            try require(try await bench.other.currentCurriculum(), is: new.curriculum, "the curriculum")
            try LessonBench.require(try await bench.other.currentEdition(of: "intro"), is: new.lesson("intro"))
            try LessonBench.require(try await bench.other.currentEdition(of: "bgp"), is: new.lesson("bgp"))
            try await requireError(.notFound, from: "a lesson that is gone") {
                try await bench.other.currentEdition(of: "routing")
            }
        },
        StoreCase(.lessons, "old-kept", "what runs keeps the edition that it was started with, whatever its age") {
            bench in
            let old = try LessonBench.edition(["intro", "routing"])
            try await bench.store.replaceCurriculum(with: old)
            let source = try await bench.store.currentEdition(of: "routing").source
            var request = bench.request("a")
            request.source = source
            let row = try await bench.store.admit(request).environment
            for text in ["new", "newer"] {
                try await bench.store.replaceCurriculum(with: LessonBench.edition(["intro"], text: text))
                try await bench.pass(.seconds(10_000))
                _ = try await bench.store.forget(olderThan: .seconds(600), limit: 100)
            }
            let found = try await bench.other.edition(of: "routing", version: row.source.version)
            try LessonBench.require(found, is: old.lesson("routing"))
        },
        StoreCase(.lessons, "forgotten", "an edition that nothing runs any more is forgotten, after a while") { bench in
            let old = try LessonBench.edition(["intro"])
            try await bench.store.replaceCurriculum(with: old)
            try await bench.pass(.seconds(5000))
            let new = try LessonBench.edition(["intro"], text: "new")
            try await bench.store.replaceCurriculum(with: new)
            try require(try await bench.store.forget(olderThan: .seconds(600), limit: 100), is: 0, "forgotten at once")
            _ = try await bench.store.edition(of: "intro", version: old.curriculum.version)
            try await bench.pass(.seconds(900))
            try require(try await bench.store.forget(olderThan: .seconds(600), limit: 100), is: 1, "forgotten later")
            try await requireError(.notFound, from: "the old edition") {
                try await bench.other.edition(of: "intro", version: old.curriculum.version)
            }
            try LessonBench.require(try await bench.store.currentEdition(of: "intro"), is: new.lesson("intro"))
        },
        StoreCase(.lessons, "same", "importing what is current already changes nothing") { bench in
            let edition = try LessonBench.edition(["intro"])
            try await bench.store.replaceCurriculum(with: edition)
            try await bench.other.replaceCurriculum(with: edition)
            try require(try await bench.store.currentCurriculum(), is: edition.curriculum, "the curriculum")
            try await bench.pass(.seconds(5000))
            try require(try await bench.store.forget(olderThan: .seconds(600), limit: 100), is: 0, "what was forgotten")
            try LessonBench.require(try await bench.store.currentEdition(of: "intro"), is: edition.lesson("intro"))
        },
        StoreCase(.lessons, "back", "an edition that was replaced can be imported again") { bench in
            let old = try LessonBench.edition(["intro"])
            try await bench.store.replaceCurriculum(with: old)
            try await bench.store.replaceCurriculum(with: LessonBench.edition(["bgp"], text: "new"))
            try await bench.store.replaceCurriculum(with: old)
            try require(try await bench.other.currentCurriculum(), is: old.curriculum, "the curriculum")
            try await bench.pass(.seconds(5000))
            try require(try await bench.store.forget(olderThan: .seconds(600), limit: 100), is: 1, "what was forgotten")
            try LessonBench.require(try await bench.store.currentEdition(of: "intro"), is: old.lesson("intro"))
        },
        StoreCase(.lessons, "any-bytes", "files are kept to the byte, with their modes, whatever is in them") { bench in
            let files = try FileSet([
                FileSet.File(path: "zero", mode: 0o755, contents: [0, 0, 0]),
                FileSet.File(path: "empty", contents: []),
                FileSet.File(path: "all", contents: Array(0...255)),
                FileSet.File(path: "broken", contents: [0xC3, 0x28, 0xF0, 0x9F, 0x80, 0xED, 0xA0, 0x80]),
                FileSet.File(path: "sql/'; DROP TABLE x; --", contents: Array("\\x00 \\N E'\\\\' $1 ?".utf8)),
                FileSet.File(path: "ünï/🐙 \\ \"q\"", mode: 0o600, contents: Array("é vs e\u{301}".utf8)),
                FileSet.File(path: "large", contents: (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }),
            ])
            let edition = try LessonBench.edition(["intro"], files: files)
            try await bench.store.replaceCurriculum(with: edition)
            try LessonBench.require(try await bench.other.currentEdition(of: "intro"), is: edition.lesson("intro"))
        },
        StoreCase(.lessons, "missing", "a lesson that is not there is a named error, with the nearest one that is") {
            bench in
            try await bench.store.replaceCurriculum(with: LessonBench.edition(["intro", "routing"]))
            let error = try await requireError(.notFound, from: "a lesson that is not there") {
                try await bench.store.currentEdition(of: "ruoting")
            }
            try require(error.advice?.contains("routing") == true, "the advice is “\(error.advice ?? "")”")
            try await requireError(.notFound, from: "an edition that was never there") {
                try await bench.store.edition(of: "intro", version: "0")
            }
            _ = try await requireError(.notFound, from: "a hostile name") {
                try await bench.store.currentEdition(of: "'; DROP TABLE lessons; -- \u{7}🐙")
            }
        },
    ]
}

/// Curricula to import.
enum LessonBench {
    static func edition(_ slugs: [String], text: String = "old", files: FileSet? = nil) throws -> CurriculumEdition {
        let login = ImageLogin(username: "antidote", password: "antidotepassword")
        var curriculum = Curriculum(info: CurriculumInfo(name: "Suite “\(text)” 🐙", description: text), version: text)
        curriculum.images["box"] = ImageDefinition(slug: "box", sshLogin: login, configurationLogin: login)
        curriculum.images["other"] = ImageDefinition(slug: "other", sshLogin: login, configurationLogin: login)
        curriculum.collections["c"] = LessonCollection(slug: "c", title: "Ç")
        var byLesson: [String: FileSet] = [:]
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
            byLesson[slug] = try files ?? FileSet([FileSet.File(path: "stage0/guide.md", contents: guide)])
        }
        return CurriculumEdition(curriculum: curriculum, files: byLesson)
    }

    /// With all bytes: sets of files are equal when their digests are.
    static func require(_ found: LessonEdition, is wanted: LessonEdition?) throws {
        let wanted = try AntidoteTesting.require(wanted, "the curriculum has no such lesson")
        try AntidoteTesting.require(found.lesson, is: wanted.lesson, "the lesson")
        try AntidoteTesting.require(found.version, is: wanted.version, "the version of \(found.lesson.slug)")
        try AntidoteTesting.require(found.images, is: wanted.images, "the images of \(found.lesson.slug)")
        let (files, expected) = (found.files.entries, wanted.files.entries)
        try AntidoteTesting.require(files.map(\.path), is: expected.map(\.path), "the paths of \(found.lesson.slug)")
        for (file, other) in zip(files, expected) {
            try AntidoteTesting.require(file == other, "the file \(other.path) is another one")
        }
        try AntidoteTesting.require(found.files.digest, is: wanted.files.digest, "the digest of \(found.lesson.slug)")
    }
}
