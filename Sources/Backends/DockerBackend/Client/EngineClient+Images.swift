import HTTPTransport

extension EngineClient {
    /// `nil` if the engine does not have it.
    func image(_ reference: String) async throws -> ImageDetails? {
        let call = Call(
            "image.inspect",
            .get,
            ["images"] + reference.split(separator: "/").map(String.init) + ["json"],
            place: reference
        )
        do {
            return try await decode(from: call)
        } catch let failure as EngineFailure where failure.isNotFound {
            return nil
        }
    }

    /// Lends the lines of a pull. `authorization` is the header that the registry's credentials go in.
    func withPull<Result: Sendable>(
        of reference: String,
        authorization: String?,
        _ body: (HTTPLines) async throws -> Result
    ) async throws -> Result {
        var call = Call("image.pull", .post, ["images", "create"], place: reference)
            .asking([("fromImage", reference)])
        if let authorization { call.headers["X-Registry-Auth"] = authorization }
        call.idleTimeout = .never
        return try await stream(call) { try await body($0.lines()) }
    }
}
