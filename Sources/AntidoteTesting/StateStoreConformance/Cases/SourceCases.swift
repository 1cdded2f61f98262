@_spi(StoreKit) import AntidoteCore

extension StoreCase {
    static let sourceCases: [StoreCase] = [
        StoreCase(.sources, "none", "before the first import there is no edition, of any version") { bench in
            try require(try await bench.current(), is: nil, "the current edition")
            try require(try await bench.edition("intro", of: nil), is: nil, "a document of the current edition")
            try require(try await bench.edition("intro", of: "0"), is: nil, "a document of another edition")
        },
        StoreCase(.sources, "import", "what was imported is read by every connection, with all its files") { bench in
            let edition = try SourceBench.edition(["intro", "routing"])
            try await bench.store.replaceSources(with: edition)
            for connection in bench.both {
                try require(try await bench.current(with: connection), is: edition.withoutFiles, "the current edition")
                for name in ["intro", "routing"] {
                    let found = try await bench.edition(name, of: nil, with: connection)
                    try SourceBench.require(found, is: edition, name)
                }
                let found = try await bench.edition("intro", of: edition.version, with: connection)
                try SourceBench.require(found, is: edition, "intro")
            }
        },
        StoreCase(.sources, "asked", "an answer holds what was asked for, and nothing else") { bench in
            let edition = try SourceBench.edition(["intro", "routing"])
            try await bench.store.replaceSources(with: edition)
            let nothing = SourceQuery(kind: edition.kind, documents: [])
            try require(
                try await bench.other.sources(nothing),
                is: SourceEdition(kind: edition.kind, version: edition.version),
                "the answer to a question about nothing"
            )
            let mixed = SourceQuery(kind: edition.kind, documents: ["intro", "bgp"], files: ["routing", "bgp"])
            let found = try require(try await bench.other.sources(mixed), "there is no edition")
            try require(found.documents, is: ["intro": edition.documents["intro"] ?? []], "the documents")
            try require(found.files.keys.sorted(), is: ["routing"], "the names of the sets of files")
        },
        StoreCase(.sources, "replace", "an import replaces everything at once: what is gone is gone") { bench in
            let old = try SourceBench.edition(["intro", "routing"])
            let new = try SourceBench.edition(["intro", "bgp"], text: "new")
            try await bench.store.replaceSources(with: old)
            _ = try await bench.current(with: bench.other)
            try await bench.store.replaceSources(with: new)
            try require(try await bench.current(with: bench.other), is: new.withoutFiles, "the current edition")
            for name in ["intro", "bgp"] {
                try SourceBench.require(try await bench.edition(name, of: nil, with: bench.other), is: new, name)
            }
            let gone = try await bench.edition("routing", of: nil, with: bench.other)
            try require(gone?.documents, is: [:], "the documents of what is gone")
            try require(gone?.files.count, is: 0, "the sets of files of what is gone")
        },
        StoreCase(.sources, "kinds", "each kind has an edition of its own, whatever its version") { bench in
            let one = try SourceBench.edition(["intro"])
            let other = try SourceBench.edition(["other"], kind: "other")
            try await bench.store.replaceSources(with: one)
            try await bench.store.replaceSources(with: other)
            try require(one.version, is: other.version, "the version of another kind")
            try require(try await bench.current(with: bench.other), is: one.withoutFiles, "the edition of one kind")
            try require(
                try await bench.other.sources(SourceQuery(kind: "other")),
                is: other.withoutFiles,
                "the edition of the other kind"
            )
            try SourceBench.require(try await bench.edition("intro", of: nil, with: bench.other), is: one, "intro")
        },
        StoreCase(.sources, "old-kept", "what runs keeps the edition that it was started with, whatever its age") {
            bench in
            let old = try SourceBench.edition(["intro", "routing"])
            try await bench.store.replaceSources(with: old)
            var request = bench.request("a")
            request.source = EnvironmentSource(kind: old.kind, name: "routing", version: old.version)
            let row = try await bench.store.admit(request).environment
            for text in ["new", "newer"] {
                try await bench.store.replaceSources(with: SourceBench.edition(["intro"], text: text))
                try await bench.pass(.seconds(10_000))
                _ = try await bench.store.forget(olderThan: .seconds(600), limit: 100)
            }
            let found = try await bench.edition("routing", of: row.source.version, with: bench.other)
            try SourceBench.require(found, is: old, "routing")
        },
        StoreCase(.sources, "kind-kept", "an environment of another kind keeps no edition") { bench in
            let old = try SourceBench.edition(["intro"])
            try await bench.store.replaceSources(with: old)
            var request = bench.request("a")
            request.source = EnvironmentSource(kind: "other", name: "intro", version: old.version)
            _ = try await bench.store.admit(request)
            try await bench.store.replaceSources(with: SourceBench.edition(["intro"], text: "new"))
            try await bench.pass(.seconds(5000))
            try require(try await bench.store.forget(olderThan: .seconds(600), limit: 100), is: 1, "what was forgotten")
            try require(try await bench.edition("intro", of: old.version), is: nil, "the old edition")
        },
        StoreCase(.sources, "forgotten", "an edition that nothing runs any more is forgotten, after a while") { bench in
            let old = try SourceBench.edition(["intro"])
            try await bench.store.replaceSources(with: old)
            try await bench.pass(.seconds(5000))
            let new = try SourceBench.edition(["intro"], text: "new")
            try await bench.store.replaceSources(with: new)
            try require(try await bench.store.forget(olderThan: .seconds(600), limit: 100), is: 0, "forgotten at once")
            try SourceBench.require(try await bench.edition("intro", of: old.version), is: old, "intro")
            try await bench.pass(.seconds(900))
            try require(try await bench.store.forget(olderThan: .seconds(600), limit: 100), is: 1, "forgotten later")
            try require(
                try await bench.edition("intro", of: old.version, with: bench.other),
                is: nil,
                "the old edition"
            )
            try SourceBench.require(try await bench.edition("intro", of: nil), is: new, "intro")
        },
        StoreCase(.sources, "same", "importing what is current already changes nothing") { bench in
            let edition = try SourceBench.edition(["intro"])
            try await bench.store.replaceSources(with: edition)
            try await bench.other.replaceSources(with: edition)
            try require(try await bench.current(), is: edition.withoutFiles, "the current edition")
            try await bench.pass(.seconds(5000))
            try require(try await bench.store.forget(olderThan: .seconds(600), limit: 100), is: 0, "what was forgotten")
            try SourceBench.require(try await bench.edition("intro", of: nil), is: edition, "intro")
        },
        StoreCase(.sources, "back", "an edition that was replaced can be imported again") { bench in
            let old = try SourceBench.edition(["intro"])
            try await bench.store.replaceSources(with: old)
            try await bench.store.replaceSources(with: SourceBench.edition(["bgp"], text: "new"))
            try await bench.store.replaceSources(with: old)
            try require(try await bench.current(with: bench.other), is: old.withoutFiles, "the current edition")
            try await bench.pass(.seconds(5000))
            try require(try await bench.store.forget(olderThan: .seconds(600), limit: 100), is: 1, "what was forgotten")
            try SourceBench.require(try await bench.edition("intro", of: nil), is: old, "intro")
        },
        StoreCase(.sources, "any-bytes", "files are kept to the byte, with their modes, whatever is in them") { bench in
            let files = try FileSet([
                FileSet.File(path: "zero", mode: 0o755, contents: [0, 0, 0]),
                FileSet.File(path: "empty", contents: []),
                FileSet.File(path: "all", contents: Array(0...255)),
                FileSet.File(path: "broken", contents: [0xC3, 0x28, 0xF0, 0x9F, 0x80, 0xED, 0xA0, 0x80]),
                FileSet.File(path: "sql/'; DROP TABLE x; --", contents: Array("\\x00 \\N E'\\\\' $1 ?".utf8)),
                FileSet.File(path: "ünï/🐙 \\ \"q\"", mode: 0o600, contents: Array("é vs e\u{301}".utf8)),
                FileSet.File(path: "large", contents: (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }),
            ])
            var edition = try SourceBench.edition(["intro"], files: files)
            edition.documents["intro"] = Array(0...255)
            edition.documents["empty"] = []
            try await bench.store.replaceSources(with: edition)
            try SourceBench.require(try await bench.edition("intro", of: nil, with: bench.other), is: edition, "intro")
            let empty = try await bench.edition("empty", of: nil, with: bench.other)
            try require(empty?.documents, is: ["empty": []], "the document without any bytes")
        },
        StoreCase(.sources, "missing", "what is not there is not in the answer, whatever its name") { bench in
            let edition = try SourceBench.edition(["intro", "routing"])
            try await bench.store.replaceSources(with: edition)
            for name in ["ruoting", "'; DROP TABLE sources; -- \u{7}🐙"] {
                let found = try await bench.edition(name, of: nil)
                try require(found, is: SourceEdition(kind: edition.kind, version: edition.version), "the answer")
            }
            try require(try await bench.edition("intro", of: "0"), is: nil, "an edition that was never there")
            let other = SourceQuery(kind: "'; DROP TABLE sources; --")
            try require(try await bench.store.sources(other), is: nil, "the edition of a kind without any")
        },
    ]
}

extension StoreBench {
    /// The current edition with all of its documents.
    func current(with connection: (any StateStore)? = nil) async throws -> SourceEdition? {
        try await (connection ?? store).sources(SourceQuery(kind: SourceBench.kind))
    }

    /// An edition with the document and the files called `name`.
    func edition(
        _ name: String,
        of version: String?,
        with connection: (any StateStore)? = nil
    ) async throws -> SourceEdition? {
        try await (connection ?? store).sources(
            SourceQuery(kind: SourceBench.kind, version: version, documents: [name], files: [name])
        )
    }
}

extension SourceEdition {
    fileprivate var withoutFiles: SourceEdition {
        var edition = self
        edition.files = [:]
        return edition
    }
}

/// Editions to import.
enum SourceBench {
    static let kind = "suite"

    static func edition(
        _ names: [String],
        text: String = "old",
        kind: String = SourceBench.kind,
        files: FileSet? = nil
    ) throws -> SourceEdition {
        var edition = SourceEdition(kind: kind, version: "version of “\(text)”")
        edition.documents["about"] = Array("Suite “\(text)” 🐙".utf8)
        for name in names {
            edition.documents[name] = Array("{\"line\": \"\\n\\t \(name) \(text)\"} \u{1F419}".utf8)
            let guide = Array("# \(name) \(text)\n".utf8)
            edition.files[name] = try files ?? FileSet([FileSet.File(path: "stage0/guide.md", contents: guide)])
        }
        return edition
    }

    /// With all bytes of `name`: sets of files are equal when their digests are.
    static func require(_ found: SourceEdition?, is wanted: SourceEdition, _ name: String) throws {
        let found = try AntidoteTesting.require(found, "there is no such edition")
        let document = try AntidoteTesting.require(wanted.documents[name], "the suite has no document “\(name)”")
        let expected = try AntidoteTesting.require(wanted.files[name], "the suite has no files “\(name)”")
        try AntidoteTesting.require(found.kind, is: wanted.kind, "the kind")
        try AntidoteTesting.require(found.version, is: wanted.version, "the version of \(name)")
        try AntidoteTesting.require(found.documents == [name: document], "the documents are not only \(name)'s")
        let files = try AntidoteTesting.require(found.files[name], "\(name) has no files")
        try AntidoteTesting.require(files.entries.map(\.path), is: expected.entries.map(\.path), "the paths of \(name)")
        for (file, other) in zip(files.entries, expected.entries) {
            try AntidoteTesting.require(file == other, "the file \(other.path) is another one")
        }
        try AntidoteTesting.require(files.digest, is: expected.digest, "the digest of \(name)")
    }
}
