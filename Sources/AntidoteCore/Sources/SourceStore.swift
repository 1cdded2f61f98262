/// Keeps what the environments of each kind of source are made from, without understanding it.
///
/// One edition of each kind is current. A retired edition stays for as long as an environment of its kind runs its
/// version; ``StateStore/forget(olderThan:limit:)`` removes it afterwards.
public protocol SourceStore: Sendable {
    /// Makes `edition` the current edition of its kind, in one transaction: either all of it is stored, or nothing changes.
    ///
    /// An edition whose version is stored already is the same to the last byte: only the version becomes current again.
    func replaceSources(with edition: SourceEdition) async throws

    /// The edition that `query` names, with the documents and files that it asks for and no others; `nil` if the store does
    /// not have that edition. One round trip.
    func sources(_ query: SourceQuery) async throws -> SourceEdition?
}

/// One edition of the sources of one kind: named documents and sets of files, which only that kind's planner understands.
public struct SourceEdition: Sendable, Hashable {
    /// The kind of source, as in ``EnvironmentSource/kind``.
    @_spi(StoreKit) public var kind: String
    /// Differs whenever anything in the edition differs.
    @_spi(StoreKit) public var version: String
    /// The documents by name.
    @_spi(StoreKit) public var documents: [String: [UInt8]]
    /// The sets of files by name; a set without files is not stored.
    @_spi(StoreKit) public var files: [String: FileSet]

    /// An edition of that kind and version, empty unless documents or files are given.
    @_spi(StoreKit) public init(
        kind: String,
        version: String,
        documents: [String: [UInt8]] = [:],
        files: [String: FileSet] = [:]
    ) {
        self.kind = kind
        self.version = version
        self.documents = documents
        self.files = files
    }
}

/// Which edition to read, and how much of it.
public struct SourceQuery: Sendable, Hashable {
    /// The kind of source.
    @_spi(StoreKit) public var kind: String
    /// The version of the edition. `nil`: the current one.
    @_spi(StoreKit) public var version: String?
    /// The names of the documents to read. `nil`: all of them.
    @_spi(StoreKit) public var documents: [String]?
    /// The names of the sets of files to read.
    @_spi(StoreKit) public var files: [String]

    /// Asks for all documents and no files of the current edition, unless told otherwise.
    @_spi(StoreKit) public init(kind: String, version: String? = nil, documents: [String]? = nil, files: [String] = [])
    {
        self.kind = kind
        self.version = version
        self.documents = documents
        self.files = files
    }
}

extension SourceEdition {
    /// As much of the edition as `query` asks for.
    @_spi(StoreKit) public func answer(to query: SourceQuery) -> SourceEdition {
        var answer = SourceEdition(kind: kind, version: version)
        answer.documents = query.documents.map { names in documents.filter { names.contains($0.key) } } ?? documents
        answer.files = files.filter { query.files.contains($0.key) && !$0.value.entries.isEmpty }
        return answer
    }
}
