#if SQLite
@_spi(StoreKit) public import AntidoteCore
import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SQLiteStateStore {
    public func replaceSources(with edition: SourceEdition) async throws {
        try await write { transaction in
            guard try transaction.currentVersion(of: edition.kind) != edition.version else { return }
            try transaction.execute(
                "UPDATE antidote_resource_editions SET retired_at = ? WHERE kind = ? AND retired_at IS NULL",
                [transaction.now.microseconds, edition.kind]
            )
            try transaction.execute(
                "UPDATE antidote_resource_editions SET retired_at = NULL, imported_at = ? WHERE kind = ? AND version = ?",
                [transaction.now.microseconds, edition.kind, edition.version]
            )
            // An edition that is stored is the same to the last byte: its version says so.
            if transaction.db.changesCount == 0 { try transaction.insert(edition) }
        }
    }

    public func sources(_ query: SourceQuery) async throws -> SourceEdition? {
        try await read { transaction in
            guard let version = try transaction.version(query) else { return nil }
            var edition = SourceEdition(kind: query.kind, version: version)
            if let names = query.documents {
                for name in names { edition.documents[name] = try transaction.document(name, of: edition) }
            } else {
                edition.documents = try transaction.documents(of: edition)
            }
            for name in query.files {
                let files = try transaction.files(name, of: edition)
                if !files.isEmpty { edition.files[name] = try FileSet(files) }
            }
            return edition
        }
    }
}

extension SQLiteTransaction {
    fileprivate func currentVersion(of kind: String) throws -> String? {
        try value("SELECT version FROM antidote_resource_editions WHERE kind = ? AND retired_at IS NULL", [kind])
    }

    fileprivate func version(_ query: SourceQuery) throws -> String? {
        guard let version = query.version else { return try currentVersion(of: query.kind) }
        return try value(
            "SELECT version FROM antidote_resource_editions WHERE kind = ? AND version = ?",
            [query.kind, version]
        )
    }

    fileprivate func insert(_ edition: SourceEdition) throws {
        let (kind, version) = (edition.kind, edition.version)
        try execute(
            "INSERT INTO antidote_resource_editions (kind, version, imported_at) VALUES (?, ?, ?)",
            [kind, version, now.microseconds]
        )
        for (name, body) in edition.documents.sorted(by: { $0.key < $1.key }) {
            try execute(
                "INSERT INTO antidote_resource_documents VALUES (?, ?, ?, ?)",
                [kind, version, name, Data(body)]
            )
        }
        for (name, files) in edition.files.sorted(by: { $0.key < $1.key }) {
            for file in files.entries {
                try execute(
                    "INSERT INTO antidote_resource_files VALUES (?, ?, ?, ?, ?, ?)",
                    [kind, version, name, file.path, Int(file.mode), Data(file.contents)]
                )
            }
        }
    }

    fileprivate func document(_ name: String, of edition: SourceEdition) throws -> [UInt8]? {
        let body: Data? = try value(
            "SELECT body FROM antidote_resource_documents WHERE kind = ? AND version = ? AND name = ?",
            [edition.kind, edition.version, name]
        )
        return body.map { Array($0) }
    }

    fileprivate func documents(of edition: SourceEdition) throws -> [String: [UInt8]] {
        let statement = try db.cachedStatement(
            sql: "SELECT name, body FROM antidote_resource_documents WHERE kind = ? AND version = ?"
        )
        return try Row.fetchAll(statement, arguments: [edition.kind, edition.version]).reduce(into: [:]) {
            let body: Data = $1[1]
            $0[$1[0]] = Array(body)
        }
    }

    fileprivate func files(_ name: String, of edition: SourceEdition) throws -> [FileSet.File] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT path, mode, contents FROM antidote_resource_files
                WHERE kind = ? AND version = ? AND source = ?
                """
        )
        return try Row.fetchAll(statement, arguments: [edition.kind, edition.version, name]).map { row in
            let contents: Data = row[2]
            return FileSet.File(
                path: row[0],
                mode: UInt16(truncatingIfNeeded: row[1] as Int),
                contents: Array(contents)
            )
        }
    }
}
#endif
