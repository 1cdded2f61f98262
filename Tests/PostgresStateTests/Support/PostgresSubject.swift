import AntidoteCore
import AntidoteTesting
import PostgresState
import Synchronization

/// Databases on the shared server, with a clock that can be moved on.
struct PostgresSubject: StateStoreSubject {
    let name = "PostgreSQL"
    /// The longest case asks a server 4,000 times; on a busy machine each takes a while.
    let patience = Duration.seconds(400)

    func makeStore(limits: AdmissionLimits) async throws -> any StoreUnderTest {
        try await ClockedDatabase(limits: limits)
    }
}

/// A database whose `statement_timestamp()` and `clock_timestamp()` are ahead of the server's, since functions of the test
/// come before those of the server on the search path.
final class ClockedDatabase: StoreUnderTest {
    private let name: String
    private let limits: AdmissionLimits
    private let server: PostgresServer
    private let stores = Mutex<[PostgresStateStore]>([])

    init(limits: AdmissionLimits) async throws {
        server = try await PostgresServer.shared.value
        self.limits = limits
        name = try await server.makeDatabase(template: PostgresServer.template.value)
        try await server.runAll(
            [
                "create schema ahead",
                "create table ahead.clock (ahead interval not null)",
                "insert into ahead.clock values ('0')",
            ]
                + ["statement", "clock"].map {
                    """
                    create function ahead.\($0)_timestamp() returns timestamptz language sql \
                    \($0 == "clock" ? "volatile" : "stable") \
                    as 'select pg_catalog.\($0)_timestamp() + (select ahead from ahead.clock)'
                    """
                },
            database: name
        )
    }

    func connect() async throws -> any StateStore {
        var configuration = try server.configuration(database: name)
        try configuration.set("options", to: "-c search_path=ahead,pg_catalog,public")
        configuration.poolSize = 4
        let store = try await PostgresStateStore.open(configuration, limits: limits, time: .system, random: .system)
        stores.withLock { $0.append(store) }
        return store
    }

    func pass(_ duration: Duration) async throws {
        let microseconds = duration / .microseconds(1)
        try await server.run(
            "update ahead.clock set ahead = ahead + \(Int64(microseconds)) * interval '1 microsecond'",
            database: name
        )
    }

    func close() async throws {
        for store in stores.withLock({ $0 }) { await store.close() }
        try await server.run("drop database \(name) with (force)")
    }
}
