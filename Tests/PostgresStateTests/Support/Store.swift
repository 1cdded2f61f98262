@_spi(StoreKit) import AntidoteCore
import PostgresClient
import PostgresState

extension PostgresServer {
    /// A database that is initialized, to be copied.
    static let template = Task {
        let server = try await shared.value
        try await server.run("create database antidote_template template template0")
        let database = PostgresDatabase(
            configuration: try server.configuration(database: "antidote_template"),
            time: .system,
            random: .system
        )
        try await database.initialize()
        return "antidote_template"
    }

    /// A store of its own, empty.
    func withStore<Result>(
        limits: AdmissionLimits = AdmissionLimits(),
        _ body: (PostgresStateStore, PostgresConfiguration) async throws -> Result
    ) async throws -> Result {
        let isShared = try await Self.shared.value === self
        let template = isShared ? try await Self.template.value : "template0"
        return try await withDatabase(template: template) { configuration in
            if !isShared {
                let database = PostgresDatabase(configuration: configuration, time: .system, random: .system)
                try await database.initialize()
            }
            let store = try await PostgresStateStore.open(
                configuration,
                limits: limits,
                time: .system,
                random: .system
            )
            let result = try await body(store, configuration)
            await store.close()
            return result
        }
    }
}

/// A store of its own on the shared server.
func withStore<Result>(
    limits: AdmissionLimits = AdmissionLimits(),
    _ body: (PostgresStateStore, PostgresConfiguration) async throws -> Result
) async throws -> Result {
    try await PostgresServer.shared.value.withStore(limits: limits, body)
}

/// Requests and rows as these tests want them.
enum Sample {
    static let backend = BackendID(unchecked: "fake")

    static func request(_ owner: String = "ada", _ lesson: String = "intro", idle: Duration? = nil) -> AdmissionRequest
    {
        AdmissionRequest(
            owner: OwnerID(unchecked: owner),
            source: EnvironmentSource(kind: "lesson", name: lesson, version: "1"),
            backend: backend,
            idleLimit: idle,
            traceContext: [
                "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "baggage": "“\(owner)”, \\ and \n",
            ]
        )
    }

    static func claim(_ role: WorkerRole = .scheduler, limit: Int = 10, lease: Duration = .seconds(60)) -> ClaimRequest
    {
        ClaimRequest(
            worker: WorkerID(unchecked: "worker-1"),
            role: role,
            backends: [backend],
            limit: limit,
            leaseDuration: lease
        )
    }

    static func provisioned(_ id: EnvironmentID, _ store: StoreID) -> ProvisionedTopology {
        ProvisionedTopology(
            id: TopologyID(
                instance: InstanceID(unchecked: "test"),
                store: store,
                environment: id,
                incarnation: 1
            ),
            endpoints: [
                ProvisionedEndpoint(
                    name: "linux1",
                    identity: "abc",
                    ports: [
                        ProvisionedPort(
                            number: 22,
                            transport: .tcp,
                            inLab: HostAddress(host: "10.0.0.2", port: 22),
                            forOwner: HostAddress(host: "127.0.0.1", port: 40022)
                        )
                    ]
                )
            ]
        )
    }
}

extension StateStore {
    /// Claims a row as a scheduler, and makes it ready.
    func makeReady(_ id: EnvironmentID) async throws -> Environment? {
        for claim in try await claim(Sample.claim()) where claim.environment.id == id {
            let outcomes = try await commit([
                Commit(
                    environment: id,
                    fence: claim.lease.fence,
                    changes: [
                        .begin(incarnation: 1),
                        .built(Sample.provisioned(id, self.id), generation: 1, repaired: []),
                        .configured(generation: 1),
                    ],
                    releases: true
                )
            ])
            if case .committed(let row, _, _) = outcomes.first { return row }
        }
        return nil
    }
}
