@_spi(StoreKit) public import AntidoteCore
import ConcurrencyKit
import PostgresClient
import Synchronization

extension PostgresStateStore {
    /// One transaction of two round trips. Operations that change rows by their ids, and admissions, share one with those
    /// that are asked for meanwhile.
    public func perform<Operation: StoreOperation>(_ operation: Operation) async throws -> Operation.Answer {
        let answer = Answer<Operation.Answer>()
        let decision = Decision(needs: operation.needs) { answer.put(try operation.decide(&$0)) }
        try await named {
            switch decision.needs {
            case .environments: try await rowBatcher.submit(decision)
            case .admission: try await admissionBatcher.submit(decision)
            case .session(let id): try await changeSession(id, decision)
            case .sessions(let address): try await openSession(from: address, decision)
            case .work(let request): try await claim(request, decision)
            }
        }
        return try answer.take()
    }
}

/// An operation whose answer is kept elsewhere, so that operations of all kinds can share a transaction.
struct Decision: Sendable {
    let needs: StoreNeeds
    /// Throws what a rule refuses with. May be asked again, over a set that was loaded anew.
    let decide: @Sendable (inout WorkingSet) throws -> Void
}

/// The answer of an operation, the last time that it decided.
private final class Answer<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)

    func put(_ new: Value) { value.withLock { $0 = new } }

    func take() throws -> Value {
        guard let value = value.withLock({ $0 }) else {
            throw AntidoteError(.internalFault, "a batch was committed without the answer to a part of it")
        }
        return value
    }
}

// MARK: - Rows by their ids

extension Decision {
    /// Changes rows: all decisions in one transaction.
    static func changeRows(
        _ decisions: [Decision],
        in pool: PostgresPool,
        with marks: PublishedMarks,
        _ empty: @Sendable (Timestamp) -> LoadedSet
    ) async throws -> [Result<Void, any Error>] {
        let ids = Set(decisions.flatMap(\.rows)).sorted().map(\.rawValue)
        let marking = marks.take()
        return try await pool.transaction { transaction in
            let answers = try transaction.run([SQL.lockRows(.texts(ids)), SQL.clock])
            var loaded = empty(try answers[1].time())
            try loaded.load(answers[0])
            let results = decisions.map { decision in Result { try decision.decide(&loaded.set) } }
            // What is counted comes last: others wait for it.
            try transaction.finish([marking].compactMap(\.self) + loaded.statements())
            return results
        }
    }

    private var rows: [EnvironmentID] { if case .environments(let ids) = needs { ids } else { [] } }
}

extension PostgresStateStore {
    /// One decision in a transaction of its own.
    ///
    /// - Parameters:
    ///   - statements: What locks and reads. The store's time is asked after them.
    ///   - load: Takes in the answers to the statements.
    func decide(
        _ decision: Decision,
        reading statements: [PostgresStatement],
        _ load: @Sendable (inout LoadedSet, [PostgresRows]) throws -> Void
    ) async throws {
        try await pool.transaction { transaction in
            let answers = try transaction.run(statements + [SQL.clock])
            guard let now = try answers.last?.time() else { throw PostgresError.lost }
            var loaded = LoadedSet(now: now, limits: limits, random: random)
            try load(&loaded, answers)
            try decision.decide(&loaded.set)
            try transaction.finish(loaded.statements())
        }
    }
}

extension PostgresRows {
    /// The answer to ``SQL/clock``.
    func time() throws(PostgresError) -> Timestamp {
        guard let row = first else { throw PostgresError.lost }
        return try row.timestamp(0)
    }
}
