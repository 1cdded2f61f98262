import AntidoteCore

/// Somebody is asked before each call of a store, and may wait or throw.
private struct GatedCalls: StoreInterceptor {
    /// Told the name of the call.
    let pass: @Sendable (String) async throws -> Void

    func intercept<Answer: Sendable>(
        _ call: StoreCall,
        _ body: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        try await pass(call.name)
        return try await body()
    }
}

extension StateStore {
    /// This store behind a gate. Not within the process, as the API sees it.
    func gated(_ gate: @escaping @Sendable (String) async throws -> Void) -> any StateStore {
        InterceptedStore(self, GatedCalls(pass: gate), answersAtOnce: false)
    }
}
