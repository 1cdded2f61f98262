/// Why a round trip failed, and what that says about what the server has kept. A value.
package struct RoundTripFailure: Error {
    package var error: PostgresError
    /// The connection is of no use any more.
    package var isLost: Bool
    /// The server may have done all of it.
    package var mayBeKept: Bool

    package init(error: PostgresError, isLost: Bool, mayBeKept: Bool) {
        self.error = error
        self.isLost = isLost
        self.mayBeKept = mayBeKept
    }

    package init(_ result: PostgresResult, isLastStep: Bool) {
        let isBroken = result.field("C") == nil
        error = result.error
        isLost = isBroken || result.isFatal || ["26000", "0A000"].contains(error.sqlState)
        // An ordinary error undoes the transaction. The end of a connection may have come after it was committed; if it
        // is the answer to an earlier statement, it came before.
        mayBeKept = isBroken || (result.isFatal && isLastStep)
    }

    /// What the caller is told.
    package func error(isCommitting: Bool, interruption: ServerWait.Interruption?) -> any Error {
        if interruption == .cancelled, isLost || error.sqlState == "57014" { return CancellationError() }
        if isCommitting, mayBeKept {
            return PostgresError(
                .commitUnknown,
                "the connection broke during a commit: whether it was kept is unknown",
                advice: "Read what is there before you try again",
                sqlState: error.sqlState
            )
        }
        if interruption == .late {
            return PostgresError(
                .deadlineExceeded,
                "the server did not answer in time",
                advice: "Look at the server's load and locks, and at the network between",
                sqlState: error.sqlState
            )
        }
        guard isLost, error.code == .other || error.code == .wrongSchema else { return error }
        var lost = PostgresError.lost
        lost.sqlState = error.sqlState
        return lost
    }
}
