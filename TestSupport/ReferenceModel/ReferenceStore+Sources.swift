@_spi(StoreKit) package import AntidoteCore

extension ReferenceStore {
    package func replaceSources(with edition: SourceEdition) async throws {
        transaction { state, now in
            let current = state.editions.firstIndex { $0.edition.kind == edition.kind && $0.retiredAt == nil }
            if let current {
                if state.editions[current].edition.version == edition.version { return }
                state.editions[current].retiredAt = now
            }
            // A stored version becomes current again as it was stored.
            let stored = state.editions.firstIndex {
                $0.edition.kind == edition.kind && $0.edition.version == edition.version
            }
            if let stored {
                state.editions[stored].retiredAt = nil
            } else {
                state.editions.append(ReferenceState.StoredEdition(edition: edition))
            }
        }
    }

    package func sources(_ query: SourceQuery) async throws -> SourceEdition? {
        transaction { state, _ in
            let stored = state.editions.first {
                guard $0.edition.kind == query.kind else { return false }
                guard let version = query.version else { return $0.retiredAt == nil }
                return $0.edition.version == version
            }
            guard var edition = stored?.edition else { return nil }
            if let names = query.documents {
                edition.documents = edition.documents.filter { names.contains($0.key) }
            }
            edition.files = edition.files.filter { query.files.contains($0.key) && !$0.value.entries.isEmpty }
            return edition
        }
    }
}
