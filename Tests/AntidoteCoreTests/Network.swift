import AntidoteCore

/// A network before a store: it refuses to work for a cancelled task, and a test may hold it up.
struct Network: StoreInterceptor {
    /// Told the name of the call.
    let before: @Sendable (String) async throws -> Void

    func intercept<Answer: Sendable>(
        _ call: StoreCall,
        _ body: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        try Task.checkCancellation()
        if case .perform(is ClaimWork) = call {
            // The answer to a claim is what is held up: it was granted by then.
            let answer = try await body()
            if let claims = answer as? [Claim], !claims.isEmpty { try await pass(call) }
            return answer
        }
        try await pass(call)
        return try await body()
    }

    private func pass(_ call: StoreCall) async throws {
        try await before(call.name)
        try Task.checkCancellation()
    }
}

extension StateStore {
    /// This store behind a network.
    func behindNetwork(_ before: @escaping @Sendable (String) async throws -> Void) -> any StateStore {
        InterceptedStore(self, Network(before: before), answersAtOnce: false)
    }
}
