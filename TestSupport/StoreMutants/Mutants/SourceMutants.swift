@_spi(StoreKit) import AntidoteCore

extension StoreMutant {
    static let keepingSources: [StoreMutant] = [
        StoreMutant("has an edition before the first import", ["sources/none"]) {
            $0.sources = { base, query in
                let found = try await base.sources(query)
                if found != nil || query.version != nil { return found }
                return SourceEdition(kind: query.kind, version: "")
            }
        },
        StoreMutant("has every version", ["sources/none", "sources/missing"]) {
            $0.sources = { base, query in
                try await base.sources(query)
                    ?? query.version.map { SourceEdition(kind: query.kind, version: $0) }
            }
        },
        StoreMutant("imports no files", ["sources/import", "sources/any-bytes"]) {
            $0.sources = { base, query in
                var edition = try await base.sources(query)
                edition?.files = [:]
                return edition
            }
        },
        StoreMutant("answers with all documents", ["sources/asked", "sources/missing"]) {
            $0.sources = { base, query in
                var query = query
                query.documents = nil
                return try await base.sources(query)
            }
        },
        StoreMutant("returns the edition that it read before", ["sources/replace"]) {
            let read = Kept<SourceEdition?>(nil)
            $0.sources = { base, query in
                if query.version != nil || query.documents != nil { return try await base.sources(query) }
                if let edition = read.value { return edition }
                let edition = try await base.sources(query)
                read.change { $0 = edition }
                return edition
            }
        },
        StoreMutant("retires the edition of another kind", ["sources/kinds"]) {
            let kind = Kept<String?>(nil)
            $0.replaceSources = { base, edition in
                kind.change { $0 = edition.kind }
                try await base.replaceSources(with: edition)
            }
            $0.sources = { base, query in
                query.version == nil && kind.value != query.kind ? nil : try await base.sources(query)
            }
        },
        StoreMutant("gives what runs the current edition", ["sources/old-kept", "sources/forgotten"]) {
            $0.sources = { base, query in
                var query = query
                query.version = nil
                return try await base.sources(query)
            }
        },
        StoreMutant("keeps an edition for an environment of another kind", ["sources/kind-kept"]) {
            let versions = Kept<Set<String>>([])
            $0.admit = { base, request in
                versions.change { _ = $0.insert(request.source.version) }
                return try await base.admit(request)
            }
            let kept = Kept<[String: SourceEdition]>([:])
            $0.replaceSources = { base, edition in
                kept.change { $0[edition.version] = edition }
                try await base.replaceSources(with: edition)
            }
            $0.sources = { base, query in
                if let found = try await base.sources(query) { return found }
                guard let version = query.version, versions.value.contains(version) else { return nil }
                return kept.value[version]
            }
        },
        StoreMutant("imports what is current once more", ["sources/same"]) {
            $0.replaceSources = { base, edition in
                if try await base.sources(SourceQuery(kind: edition.kind)) != nil {
                    var other = edition
                    other.version += "-again"
                    try await base.replaceSources(with: other)
                }
                try await base.replaceSources(with: edition)
            }
        },
        StoreMutant("imports nothing twice", ["sources/back"]) {
            let versions = Kept<Set<String>>([])
            $0.replaceSources = { base, edition in
                if versions.change({ $0.insert(edition.version).inserted }) {
                    try await base.replaceSources(with: edition)
                }
            }
        },
        StoreMutant("takes files for texts", ["sources/any-bytes"]) {
            $0.sources = { base, query in
                guard var edition = try await base.sources(query) else { return nil }
                edition.files = try edition.files.mapValues { files in
                    try FileSet(
                        files.entries.map { file in
                            var file = file
                            file.contents = Array(String(decoding: file.contents, as: UTF8.self).utf8)
                            return file
                        }
                    )
                }
                return edition
            }
        },
        StoreMutant("answers with the nearest document", ["sources/missing"]) {
            $0.sources = { base, query in
                guard var found = try await base.sources(query) else { return nil }
                for name in query.documents ?? [] where found.documents[name] == nil {
                    let all = try await base.sources(SourceQuery(kind: query.kind, version: query.version))?.documents
                    guard let near = NearestWord.to(name, among: (all ?? [:]).keys.sorted()) else { continue }
                    found.documents[name] = all?[near]
                }
                return found
            }
        },
    ]
}
