#if SQLite
@_spi(StoreKit) import AntidoteCore
import Foundation
import GRDB
import SQLiteState
import Testing

@Suite("The file of SQLite")
struct SQLiteFileTests {
    let file = FileUnderTest()

    private var path: String { file.directory.path("state/antidote.sqlite") }

    private func permissions(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func nobodyElseReadsIt() async throws {
        let store = try await file.open()
        _ = try await store.openSession(SessionRequest(tokenDigest: TokenDigest(bytes: [1]), address: "192.0.2.1"))
        #expect(try permissions(file.directory.path("state")) == 0o700)
        for suffix in ["", "-wal", "-shm"] { #expect(try permissions(path + suffix) == 0o600, "\(suffix)") }
        try await file.close()
    }

    @Test func whatWasWrittenIsThereAfterARestart() async throws {
        let store = try await file.open()
        let row = try await store.admit(Requests.of("a")).environment
        try await store.close()
        let again = try await file.open()
        #expect(again.id == store.id)
        #expect(try await again.environment(row.id) == row)
        try await file.close()
    }

    @Test func everyAnswerIsOnTheDisk() async throws {
        let store = try await file.open()
        #expect(try await store.synchronous() == 2, "FULL")
        try await file.close()
    }

    @Test func aFileOfAnotherApplicationIsRefusedAndLeftAsItIs() async throws {
        try file.directory.make()
        let path = file.directory.path("other.sqlite")
        let queue = try DatabaseQueue(path: path)
        try await queue.write { try $0.execute(sql: "CREATE TABLE notes (text TEXT)") }
        try queue.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let error = await #expect(throws: AntidoteError.self) { try await open(path) }
        #expect(error?.code == .foreignResource)
        #expect(error?.message.contains(path) == true)
        #expect(error?.recovery != nil)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        file.directory.remove()
    }

    @Test func aFileThatIsNoDatabaseIsRefusedAndLeftAsItIs() async throws {
        try file.directory.make()
        let path = file.directory.path("letter.txt")
        let text = Data(String(repeating: "Dear Sir or Madam, ", count: 300).utf8)
        try text.write(to: URL(fileURLWithPath: path))
        let error = await #expect(throws: AntidoteError.self) { try await open(path) }
        #expect(error?.code == .foreignResource)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
        file.directory.remove()
    }

    @Test func aFileOfAnotherVersionIsRefusedByName() async throws {
        try await file.open().close()
        let queue = try DatabaseQueue(path: path)
        try await queue.write { try $0.execute(sql: "PRAGMA user_version = 7") }
        try queue.close()
        let error = await #expect(throws: AntidoteError.self) { try await file.open() }
        #expect(error?.code == .configurationInvalid)
        #expect(error?.message.contains("version 7") == true)
        #expect(error?.recovery?.contains("release") == true)
        file.directory.remove()
    }

    @Test func aFileOfAnotherInstanceIsRefusedByName() async throws {
        try await file.open().close()
        let error = await #expect(throws: AntidoteError.self) { try await open(path, instance: "other") }
        #expect(error?.code == .foreignResource)
        #expect(error?.message.contains("“suite”") == true)
        file.directory.remove()
    }

    @Test func aDirectoryThatCannotBeMadeIsANamedError() async throws {
        let error = await #expect(throws: AntidoteError.self) { try await open("/dev/null/x/antidote.sqlite") }
        #expect(error?.code == .storeUnavailable)
        #expect(error?.message.contains("/dev/null/x/antidote.sqlite") == true)
    }

    @Test func manyThatMakeItAtOnceMakeOneStore() async throws {
        let ids = try await withThrowingTaskGroup(of: StoreID.self) { group in
            for _ in 0..<8 { group.addTask { try await file.open().id } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
        try await file.close()
    }

    @Test func aFileThatAnotherProcessKeepsToItselfIsNotWaitedForForEver() async throws {
        let store = try await file.open()
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: path, configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
        let error = await #expect(throws: AntidoteError.self) { try await store.admit(Requests.of("a")) }
        #expect(error?.code == .storeUnavailable)
        #expect(error?.message.contains("another process") == true)
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try other.close()
        _ = try await store.admit(Requests.of("a"))
        try await file.close()
    }

    private func open(_ path: String, instance: String = "suite") async throws -> SQLiteStateStore {
        try await SQLiteStateStore.open(path, instance: InstanceID(unchecked: instance))
    }
}

enum Requests {
    static func of(_ owner: String, _ source: String = "x", idle: Duration? = nil) -> AdmissionRequest {
        AdmissionRequest(
            owner: OwnerID(unchecked: owner),
            source: EnvironmentSource(kind: "test", name: source),
            backend: BackendID(unchecked: "fake"),
            idleLimit: idle
        )
    }

    static func claim(_ role: WorkerRole = .scheduler, limit: Int = 10) -> ClaimRequest {
        ClaimRequest(
            worker: WorkerID(unchecked: "w"),
            role: role,
            backends: [BackendID(unchecked: "fake")],
            limit: limit,
            leaseDuration: .seconds(15)
        )
    }
}
#endif
