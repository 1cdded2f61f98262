@_spi(StoreKit) import AntidoteCore
import PostgresState
import Testing

@Suite struct SourceTests {
    private func edition(_ text: String, sources: [String] = ["intro", "bgp"]) throws -> SourceEdition {
        var edition = SourceEdition(kind: "lesson", version: "version “\(text)”")
        edition.documents["about"] = Array("Test “\(text)”".utf8)
        for name in sources {
            edition.documents[name] = Array("\(name) \(text)".utf8)
            edition.files[name] = try FileSet([
                FileSet.File(path: "stage0/guide.md", contents: Array("# \(text)".utf8)),
                FileSet.File(path: "configs/run.sh", mode: 0o755, contents: [0, 255, 10]),
                FileSet.File(path: "empty", contents: []),
            ])
        }
        return edition
    }

    /// All documents of an edition, and the files of `name`.
    private func read(
        _ name: String,
        of version: String? = nil,
        from store: PostgresStateStore
    ) async throws -> SourceEdition? {
        try await store.sources(SourceQuery(kind: "lesson", version: version, files: [name]))
    }

    private func only(_ name: String, of edition: SourceEdition) -> SourceEdition {
        var edition = edition
        edition.files = edition.files.filter { $0.key == name }
        return edition
    }

    @Test func anImportReplacesTheEdition() async throws {
        try await withStore { store, configuration in
            #expect(try await read("intro", from: store) == nil)
            let first = try edition("first")
            try await store.replaceSources(with: first)
            try await store.replaceSources(with: first)
            #expect(try await read("intro", from: store) == only("intro", of: first))

            let second = try edition("second", sources: ["intro"])
            try await store.replaceSources(with: second)
            let other = try await PostgresStateStore.open(configuration, time: .system, random: .system)
            #expect(try await read("intro", from: other) == only("intro", of: second))
            // What runs keeps its version.
            #expect(try await read("bgp", of: first.version, from: other) == only("bgp", of: first))
            #expect(try await read("bgp", from: other)?.documents["bgp"] == nil)
            #expect(try await read("bgp", from: other)?.files["bgp"] == nil)
            // And back again.
            try await other.replaceSources(with: first)
            #expect(try await read("bgp", from: store) == only("bgp", of: first))
            await other.close()
        }
    }

    @Test func manyImportsAtOnceLeaveOneWhole() async throws {
        try await withStore { store, _ in
            let editions = try (0..<6).map { try edition("edition \($0)") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for next in editions { group.addTask { try await store.replaceSources(with: next) } }
                for _ in 0..<20 {
                    group.addTask {
                        guard let found = try await read("intro", from: store) else { return }
                        #expect(editions.contains { only("intro", of: $0) == found })
                    }
                }
                try await group.waitForAll()
            }
            let current = try #require(try await read("intro", from: store))
            let whole = try #require(editions.first { $0.version == current.version })
            #expect(current == only("intro", of: whole))
        }
    }

    @Test func whatNothingRunsIsForgotten() async throws {
        try await withStore { store, configuration in
            let first = try edition("first")
            try await store.replaceSources(with: first)
            var request = Sample.request()
            request.source.version = first.version
            _ = try await store.admit(request)
            let second = try edition("second")
            try await store.replaceSources(with: second)
            try await store.replaceSources(with: edition("third"))
            var forgotten = 0
            try await until("one is forgotten") {
                forgotten += try await store.forget(olderThan: .zero, limit: 10)
                return forgotten == 1
            }
            let fresh = try await PostgresStateStore.open(configuration, time: .system, random: .system)
            #expect(try await read("intro", of: first.version, from: fresh) == only("intro", of: first))
            #expect(try await read("intro", of: second.version, from: fresh) == nil)
            await fresh.close()
        }
    }

    @Test func anImportThatFailsChangesNothing() async throws {
        try await withStore { store, _ in
            let first = try edition("first")
            try await store.replaceSources(with: first)
            var second = try edition("second")
            second.documents["NUL \0"] = []
            let failure = await storeFailure { try await store.replaceSources(with: second) }
            #expect(failure != nil)
            #expect(try await read("intro", from: store) == only("intro", of: first))
        }
    }
}
