import AntidoteCore
import PostgresClient
import PostgresState
import Testing

/// The error of a call that must fail with one of ours.
func failure(
    sourceLocation: SourceLocation = #_sourceLocation,
    of call: () async throws -> some Any
) async -> PostgresError? {
    do {
        _ = try await call()
        Issue.record("the call did not fail", sourceLocation: sourceLocation)
    } catch let error as PostgresError {
        return error
    } catch {
        Issue.record("\(error)", sourceLocation: sourceLocation)
    }
    return nil
}

/// The core's error of a call that must fail with one.
func storeFailure(
    sourceLocation: SourceLocation = #_sourceLocation,
    of call: () async throws -> some Any
) async -> AntidoteError? {
    do {
        _ = try await call()
        Issue.record("the call did not fail", sourceLocation: sourceLocation)
    } catch let error as AntidoteError {
        return error
    } catch {
        Issue.record("\(error)", sourceLocation: sourceLocation)
    }
    return nil
}

extension PostgresConnection {
    /// One statement, as a transaction of its own; the first column of its first row, as a number.
    @discardableResult
    func number(_ sql: String, _ values: PostgresValue...) async throws -> Int64? {
        let statement = PostgresStatement(query: PostgresQuery(sql, sql), values: values)
        return try await transaction { try $0.finish(statement).first?.integerIfAny(0) }
    }

    /// One statement, as a transaction of its own.
    func execute(_ sql: String, _ values: PostgresValue...) async throws {
        let statement = PostgresStatement(query: PostgresQuery(sql, sql), values: values)
        _ = try await transaction { try $0.finish(statement).affected }
    }
}

/// A connection to a database of its own on the shared server.
func withConnection<Result>(
    _ change: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: (PostgresConnection, PostgresConfiguration) async throws -> Result
) async throws -> Result {
    try await PostgresServer.shared.value.withDatabase { configuration in
        var configuration = configuration
        change(&configuration)
        let connection = try PostgresConnection(configuration: configuration)
        let result = try await body(connection, configuration)
        await connection.close()
        return result
    }
}

/// Returns when `condition` holds; fails after half a minute. It looks again only after a round trip of its own, so that it
/// does not spin.
func until(
    _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now.advanced(by: .seconds(30))
    while try await !condition() {
        guard ContinuousClock.now < end else {
            Issue.record("not within half a minute: \(what)", sourceLocation: sourceLocation)
            return
        }
        await Task.yield()
    }
}
