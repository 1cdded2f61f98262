import AntidoteCore

/// The one way to change something at the engine: asks for the right to, waits for its turn, and is never torn.
struct Mutation: Sendable {
    let client: EngineClient
    let authority: Authority
    private let turn: UInt64

    /// All that is changed by way of it has one place in line: that of now.
    init(client: EngineClient, authority: Authority) {
        self.client = client
        self.authority = authority
        turn = client.limiter.nextTurn()
    }

    /// Runs `operation`, which is of `kind` for the limiter's statistics.
    @discardableResult
    func callAsFunction<Value: Sendable>(
        _ kind: String,
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await client.limiter.withSlot(kind, turn: turn, isOverload: Self.isOverload) {
            try authority.check()
            try Task.checkCancellation()
            return try await Self.whole(operation)
        }
    }

    /// Runs `operation` to its end even when the caller is cancelled.
    ///
    /// An engine finishes a create whose client went away, and what it makes then is not in the list that a destroy
    /// right after reads. Each such call has a deadline of its own.
    static func whole<Value: Sendable>(
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        // Not a child: a child would be cancelled with its parent. It is awaited here and nowhere else.
        try await Task { try await operation() }.value
    }

    private static func isOverload(_ error: any Error) -> Bool {
        switch error {
        case let failure as EngineFailure: failure.isOverload
        case let error as AntidoteError: error.code == .backendUnavailable
        default: false
        }
    }
}
