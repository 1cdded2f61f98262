internal import CPostgreSQL
package import ConcurrencyKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// One connection of libpq, always in pipeline mode. Lives on its connection's thread, and blocks it.
package final class PostgresSession {
    package let raw: OpaquePointer
    private let configuration: PostgresConfiguration
    private let wakePipe: WakePipe
    /// The kinds of the parameters of what is prepared at the server.
    private var prepared: [String: [PostgresType]] = [:]
    private(set) var lastUse = ContinuousClock.now
    /// It is to be closed: it failed, or a cancellation is on its way to it, which could hit the next statement.
    private(set) var isSpent = false
    /// Nothing can be sent on it any more.
    private(set) var hasFailed = false {
        didSet { isSpent = isSpent || hasFailed }
    }

    package init(_ raw: OpaquePointer, configuration: PostgresConfiguration, wakePipe: WakePipe) {
        self.raw = raw
        self.configuration = configuration
        self.wakePipe = wakePipe
    }

    deinit { PQfinish(raw) }

    /// Does not use it again.
    package func spend() { isSpent = true }

    /// Sends the statements together, and returns the answer to each.
    ///
    /// - Parameters:
    ///   - isCommitting: Whether the server keeps something when it has done them.
    ///   - control: `nil` for what has to be done also for a caller that is gone.
    /// - Throws: ``PostgresError``, which is that of the first statement that failed, or `CancellationError`.
    package func roundTrip(
        _ statements: [PostgresStatement],
        isCommitting: Bool = false,
        control: CallControl?
    ) throws -> [PostgresRows] {
        let parameters = try statements.map { statement throws(PostgresError) in
            try check(statement)
            return try ParameterBuffer(statement.values)
        }
        var wait = ServerWait(configuration: configuration, wakePipe: wakePipe, control: control)
        defer {
            if PQstatus(raw) == CONNECTION_BAD { hasFailed = true }
            if wait.interruption != nil { isSpent = true }
            lastUse = .now
        }
        let steps = try send(statements, parameters)
        do throws(RoundTripFailure) {
            return try receive(steps, &wait)
        } catch {
            hasFailed = hasFailed || error.isLost
            throw error.error(isCommitting: isCommitting, interruption: wait.interruption)
        }
    }

    /// Whether the server has ended the connection meanwhile, as far as can be seen from here.
    package func hasEnded() -> Bool {
        while !hasFailed {
            switch wakePipe.wait(for: PQsocket(raw), events: Int32(POLLIN), until: .now) {
            case .woken: continue
            case .timedOut: return false
            // To an idle connection it says nothing but its last words; or, rarely, that somebody changed a setting.
            case .ready: hasFailed = true
            }
        }
        return true
    }

    private func check(_ statement: PostgresStatement) throws(PostgresError) {
        guard let known = prepared[statement.query.name], known != statement.values.map(\.type) else { return }
        throw PostgresError(
            .valueRefused,
            "a statement got values of other kinds than before",
            place: statement.query.name
        )
    }
}

// MARK: - Sending

extension PostgresSession {
    /// What the server is asked for, one answer each.
    package enum Step {
        case prepare(String, [PostgresType])
        case execute(PostgresStatement)
    }

    private func send(
        _ statements: [PostgresStatement],
        _ parameters: [ParameterBuffer]
    ) throws(PostgresError) -> [Step] {
        var steps: [Step] = []
        var preparing: Set<String> = []
        var isSent = true
        for (statement, buffer) in zip(statements, parameters) {
            let query = statement.query
            if prepared[query.name] == nil, preparing.insert(query.name).inserted {
                let types = statement.values.map(\.type)
                let numbers = types.map(\.rawValue)
                isSent = isSent && PQsendPrepare(raw, query.name, query.sql, Int32(types.count), numbers) == 1
                steps.append(.prepare(query.name, types))
            }
            isSent =
                isSent
                && buffer.withPointers { values, lengths, formats in
                    PQsendQueryPrepared(raw, query.name, Int32(buffer.lengths.count), values, lengths, formats, 1) == 1
                }
            steps.append(.execute(statement))
        }
        guard isSent, PQpipelineSync(raw) == 1 else {
            hasFailed = true
            throw .lost
        }
        return steps
    }
}

// MARK: - Receiving

extension PostgresSession {
    private func receive(
        _ steps: [Step],
        _ wait: inout ServerWait
    ) throws(RoundTripFailure) -> [PostgresRows] {
        var answers: [PostgresRows] = []
        var failure: RoundTripFailure?
        for (index, step) in steps.enumerated() {
            while let result = try next(&wait, after: failure) {
                switch result.status {
                case PGRES_COMMAND_OK, PGRES_TUPLES_OK:
                    if let answer = accept(result, of: step) { answers.append(answer) }
                case PGRES_PIPELINE_ABORTED:
                    break
                default:
                    failure = failure ?? RoundTripFailure(result, isLastStep: index == steps.count - 1)
                }
            }
        }
        // Implicit transactions are committed with the end of the pipeline, and may fail there.
        while let result = try next(&wait, after: failure) {
            if result.status == PGRES_PIPELINE_SYNC {
                if let failure { throw failure }
                return answers
            }
            failure = failure ?? RoundTripFailure(result, isLastStep: true)
        }
        throw failure ?? RoundTripFailure(error: .lost, isLost: true, mayBeKept: true)
    }

    private func accept(_ result: PostgresResult, of step: Step) -> PostgresRows? {
        switch step {
        case .prepare(let name, let types):
            prepared[name] = types
            return nil
        case .execute:
            return PostgresRows(result)
        }
    }

    /// The next result, or `nil` after the last one of a step, and for ever once the connection is broken.
    private func next(
        _ wait: inout ServerWait,
        after failure: RoundTripFailure?
    ) throws(RoundTripFailure) -> PostgresResult? {
        while true {
            let unsent = PQflush(raw) == 1
            // Without a connection there is nothing to wait for, and libpq goes on saying that it is busy. What has come
            // before its end is still read.
            let isBroken = PQstatus(raw) == CONNECTION_BAD
            if isBroken, let failure { throw failure }
            if PQisBusy(raw) == 0 || isBroken {
                return PQgetResult(raw).map { PostgresResult($0) }
            }
            guard wait.wait(for: raw, events: unsent ? POLLIN | POLLOUT : POLLIN) else {
                throw failure ?? RoundTripFailure(error: .lost, isLost: true, mayBeKept: true)
            }
            // A failure shows in the connection's status.
            _ = PQconsumeInput(raw)
        }
    }
}
