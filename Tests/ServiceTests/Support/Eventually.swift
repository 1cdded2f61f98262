import ChaosScenario

/// Asks again and again until the answer is one: what happens in another process tells nobody here. Throws when that takes
/// longer than even a busy machine needs.
@discardableResult
func eventually<Value>(
    _ what: String,
    within limit: Duration = .seconds(120),
    _ ask: () async throws -> Value?
) async throws -> Value {
    let end = ContinuousClock.now + limit
    while true {
        if let value = try await ask() { return value }
        guard ContinuousClock.now < end else { throw ChaosFailure("\(what): not within \(limit)") }
        try await ContinuousClock().sleep(for: .milliseconds(50))
    }
}
