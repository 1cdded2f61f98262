/// The editions of an in-memory store: the current one of each kind, and the retired ones that an environment may run.
struct SourceHistory {
    private var current: [String: SourceEdition] = [:]
    private var retired: [(edition: SourceEdition, at: Timestamp)] = []

    /// What an environment runs, whatever its name.
    struct Version: Hashable {
        var kind: String
        var version: String
    }

    mutating func replace(with edition: SourceEdition, now: Timestamp) {
        if let old = current[edition.kind] {
            if old.version == edition.version { return }
            retired.append((old, now))
        }
        // A version is the same to the last byte: the edition that is stored becomes current again.
        let known = retired.firstIndex { $0.edition.kind == edition.kind && $0.edition.version == edition.version }
        current[edition.kind] = known.map { retired.remove(at: $0).edition } ?? edition
    }

    func edition(_ query: SourceQuery) -> SourceEdition? {
        if let edition = current[query.kind], (query.version ?? edition.version) == edition.version {
            return edition.answer(to: query)
        }
        return retired.first { $0.edition.kind == query.kind && $0.edition.version == query.version }?
            .edition.answer(to: query)
    }

    /// Removes at most `limit` editions that were retired before `moment` and that nothing runs. Returns how many.
    mutating func forget(before moment: Timestamp, limit: Int, unless isUsed: (Version) -> Bool) -> Int {
        func version(_ edition: SourceEdition) -> Version { Version(kind: edition.kind, version: edition.version) }
        let unused = retired.filter { $0.at < moment && !isUsed(version($0.edition)) }.prefix(limit)
        let versions = Set(unused.map { version($0.edition) })
        retired.removeAll { versions.contains(version($0.edition)) }
        return versions.count
    }
}
