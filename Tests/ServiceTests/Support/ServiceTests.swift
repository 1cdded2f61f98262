import Testing

/// The real programs over real servers. One test at a time: each runs several programs.
@Suite(.serialized, .servers) enum ServiceTests {
    /// Those of this run.
    @TaskLocal static var servers: Servers?
}

/// Starts the servers before the first test, and stops them after the last.
struct ServersTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing run: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let servers = try await Servers()
        do {
            try await ServiceTests.$servers.withValue(servers) { try await run() }
            await servers.stop()
        } catch {
            await servers.stop()
            throw error
        }
    }
}

extension Trait where Self == ServersTrait {
    static var servers: Self { Self() }
}
