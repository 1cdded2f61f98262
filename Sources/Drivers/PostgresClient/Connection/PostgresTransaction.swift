import Metrics

/// A transaction of one connection, valid for the duration of a closure on the connection's thread.
///
/// The closure says what goes together: ``run(_:)`` is one round trip, and so is ``finish(_:)``, which commits. It may be
/// run again from its beginning, after the server has undone all of it: it must have no other effect.
package final class PostgresTransaction {
    private enum State {
        case notBegun
        case open
        case finished
    }

    private let session: PostgresSession
    private let control: CallControl
    private let metrics: PostgresMetrics
    private var state = State.notBegun

    package init(session: PostgresSession, control: CallControl, metrics: PostgresMetrics) {
        self.session = session
        self.control = control
        self.metrics = metrics
    }

    /// Sends the statements, and returns the answer to each.
    package func run(_ statements: [PostgresStatement]) throws -> [PostgresRows] {
        try control.check()
        switch state {
        case .finished:
            throw PostgresError(.valueRefused, "a statement after the end of its transaction")
        case .open:
            return try trip(statements, isCommitting: false)
        case .notBegun:
            // Whatever becomes of it, the server may have begun.
            state = .open
            return Array(try trip([.begin] + statements, isCommitting: false).dropFirst())
        }
    }

    /// Sends a statement, and returns its rows.
    package func run(_ statement: PostgresStatement) throws -> PostgresRows { try single(run([statement])) }

    /// Sends the statements with the commit, and returns the answer to each. Nothing can come after it.
    ///
    /// Where nothing came before it, the server makes a transaction of them without being told.
    @discardableResult
    package func finish(_ statements: [PostgresStatement] = []) throws -> [PostgresRows] {
        try control.check()
        switch state {
        case .finished:
            throw PostgresError(.valueRefused, "a statement after the end of its transaction")
        case .notBegun:
            state = .finished
            guard !statements.isEmpty else { return [] }
            let answers = try trip(statements, isCommitting: true)
            metrics.commits.increment()
            return answers
        case .open:
            let answers = try trip(statements + [.commit], isCommitting: true)
            state = .finished
            metrics.commits.increment()
            return Array(answers.dropLast())
        }
    }

    /// Sends a statement with the commit, and returns its rows.
    package func finish(_ statement: PostgresStatement) throws -> PostgresRows { try single(finish([statement])) }

    /// Commits, unless that was done.
    package func finishIfNeeded() throws {
        if state == .open { try finish() }
    }

    /// Undoes it, unless the server did. Where that fails, the connection is not used again, which undoes it too.
    package func undo() {
        guard state == .open else { return }
        state = .finished
        guard !session.hasFailed else { return }
        do {
            _ = try session.roundTrip([.rollback], control: nil)
        } catch {
            session.spend()
        }
    }

    private func trip(_ statements: [PostgresStatement], isCommitting: Bool) throws -> [PostgresRows] {
        metrics.statements.increment(by: Int64(statements.count))
        metrics.roundTrips.increment()
        return try session.roundTrip(statements, isCommitting: isCommitting, control: control)
    }

    private func single(_ answers: [PostgresRows]) throws -> PostgresRows {
        guard let answer = answers.first else { throw PostgresError.lost }
        return answer
    }
}
