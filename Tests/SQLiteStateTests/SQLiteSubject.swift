#if SQLite
import AntidoteCore
import AntidoteTesting
import Foundation
import SQLiteState
import Synchronization

/// Files of SQLite in a directory of their own, under a clock that stands still.
struct SQLiteSubject: StateStoreSubject {
    let name = "SQLite"

    func makeStore(limits: AdmissionLimits) async throws -> any StoreUnderTest { FileUnderTest(limits: limits) }
}

/// A file that several have open: each connection is a store of its own, as another process has it.
final class FileUnderTest: StoreUnderTest {
    let clock = ManualClock()
    let directory = TemporaryDirectory()
    let limits: AdmissionLimits
    private let stores = Mutex<[SQLiteStateStore]>([])

    init(limits: AdmissionLimits = AdmissionLimits()) { self.limits = limits }

    func open() async throws -> SQLiteStateStore {
        let store = try await SQLiteStateStore.open(
            directory.path("state/antidote.sqlite"),
            instance: InstanceID(unchecked: "suite"),
            limits: limits,
            time: clock.timeSource
        )
        stores.withLock { $0.append(store) }
        return store
    }

    func connect() async throws -> any StateStore { try await open() }

    func pass(_ duration: Duration) async throws { clock.advance(by: duration) }

    func close() async throws {
        for store in stores.withLock({ $0 }) { try await store.close() }
        directory.remove()
    }
}

/// The same in memory, where there is one connection.
struct SQLiteInMemorySubject: StateStoreSubject {
    let name = "SQLite in memory"

    func makeStore(limits: AdmissionLimits) async throws -> any StoreUnderTest {
        let clock = ManualClock()
        let store = try await SQLiteStateStore.inMemory(
            instance: InstanceID(unchecked: "suite"),
            limits: limits,
            time: clock.timeSource
        )
        return Memory(clock: clock, store: store)
    }

    private struct Memory: StoreUnderTest {
        let clock: ManualClock
        let store: SQLiteStateStore

        func connect() async throws -> any StateStore { store }
        func pass(_ duration: Duration) async throws { clock.advance(by: duration) }
        func close() async throws { try await store.close() }
    }
}

/// A directory that one test has for itself.
struct TemporaryDirectory: Sendable {
    let root = NSTemporaryDirectory() + "/antidote-sqlite-" + RandomSource.system.base32(length: 12)

    func path(_ name: String) -> String { "\(root)/\(name)" }

    func make() throws {
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(atPath: root) }
}
#endif
