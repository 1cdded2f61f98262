#if SQLite
import AntidoteCore
import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The file on disk: nobody but its user reads it, and nothing that belongs to others is touched.
struct SQLiteFile {
    let path: String

    /// Opens the file, and makes it and its tables if there is none.
    ///
    /// Blocks: call it on a thread of its own.
    func open(_ configuration: Configuration, making identity: StoreIdentity) throws -> DatabasePool {
        try makeIfMissing()
        // Before anything is written, and the journal is another one: it may be anybody's.
        try refuseStrangers()
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { db in
            // The pool sets NORMAL, with which a power cut takes back what was answered.
            try db.execute(sql: "PRAGMA synchronous = FULL")
        }
        try pool.write { try identity.establish(in: $0, of: path) }
        return pool
    }

    private func makeIfMissing() throws {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
        if !directory.isEmpty, !FileManager.default.fileExists(atPath: directory) {
            do {
                try FileManager.default.createDirectory(
                    atPath: directory,
                    withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700]
                )
            } catch {
                throw unusable("its directory cannot be made", error)
            }
        }
        // Before SQLite makes it, which would let everybody read it; its other files take over these permissions.
        let descriptor = Self.createExclusively(path)
        if descriptor >= 0 {
            close(descriptor)
        } else if errno != EEXIST {
            throw unusable(String(cString: strerror(errno)), nil)
        }
    }

    private static func createExclusively(_ path: String) -> Int32 {
        #if canImport(Darwin)
        Darwin.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        #elseif canImport(Musl)
        Musl.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        #else
        Glibc.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        #endif
    }

    private func refuseStrangers() throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(SQLiteStateStore.patience)
        let kind: SQLiteSchema.Kind
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            kind = try queue.read(SQLiteSchema.kind)
            try queue.close()
        } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
            throw foreign
        }
        try check(kind)
    }

    func check(_ kind: SQLiteSchema.Kind) throws {
        switch kind {
        case .empty, .ours: break
        case .foreign: throw foreign
        case .otherVersion(let version):
            throw AntidoteError(
                .configurationInvalid,
                "the file \(path) has tables of version \(version), and this release needs version "
                    + "\(SQLiteSchema.version)",
                recovery: "Run the release that made it, or move the file away: a new one is made then.",
                subject: path
            )
        }
    }

    private var foreign: AntidoteError {
        AntidoteError(
            .foreignResource,
            "the file \(path) belongs to another application",
            recovery: "Name another file.",
            subject: path
        )
    }

    private func unusable(_ reason: String, _ cause: (any Error)?) -> AntidoteError {
        AntidoteError(
            .storeUnavailable,
            "the file \(path) cannot be made: \(reason)",
            recovery: "Name a file in a directory that this user may write to.",
            subject: path,
            disposition: .permanent,
            cause: cause
        )
    }
}

/// Whose store a file holds.
struct StoreIdentity {
    let instance: InstanceID
    /// Of a store that is made now.
    let newID: StoreID

    /// Makes the tables of a new file, and checks whose an old one is. Within a transaction.
    func establish(in db: Database, of path: String) throws {
        let kind = try SQLiteSchema.kind(of: db)
        // Somebody else may have made it since it was looked at.
        try SQLiteFile(path: path).check(kind)
        if kind == .empty {
            try SQLiteSchema.create(in: db)
            for (key, value) in [("instance", instance.rawValue), ("store", newID.rawValue)] {
                try db.execute(sql: "INSERT INTO antidote_meta VALUES (?, ?)", arguments: [key, value])
            }
        }
        let owner = try String.fetchOne(db, sql: "SELECT value FROM antidote_meta WHERE key = 'instance'") ?? ""
        guard owner == instance.rawValue else {
            throw AntidoteError(
                .foreignResource,
                "the file \(path) belongs to the instance “\(owner)”, and this one is “\(instance)”",
                recovery: "Name another file, or run as the instance that it belongs to.",
                subject: path
            )
        }
    }

    static func storeID(in db: Database) throws -> StoreID {
        let text = try String.fetchOne(db, sql: "SELECT value FROM antidote_meta WHERE key = 'store'") ?? ""
        return try StoreID(validating: text)
    }
}
#endif
