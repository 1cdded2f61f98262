@_spi(StoreKit) import AntidoteCore
import AntidoteLessons

/// Opening, looking at and ending the session of whoever asks.
struct SessionRoutes: Sendable {
    let lessons: LiveLessons
    /// How long a session lasts. `nil`: for ever.
    let lifetime: Duration?

    var routes: [Route] {
        [
            Route(
                method: .post,
                pattern: RoutePattern("/v1/sessions"),
                name: "openSession",
                summary: "Opens a session. Its token is told this once.",
                body: .optional(.nothing),
                answers: [
                    Route.Answer(status: 201, summary: "The session.", schema: .newSession, hasLocation: true)
                ],
                problems: [.tooManyRequests],
                handler: { try await open($0) }
            ),
            Route(
                method: .get,
                pattern: RoutePattern("/v1/sessions/current"),
                name: "readSession",
                summary: "Tells of the session whose token is sent.",
                needsSession: true,
                answers: [Route.Answer(status: 200, summary: "The session.", schema: .session)],
                handler: { .json(SessionRoutes.resource(try $0.session)) }
            ),
            Route(
                method: .delete,
                pattern: RoutePattern("/v1/sessions/current"),
                name: "endSession",
                summary: "Ends the session, and takes everything of it away.",
                needsSession: true,
                answers: [Route.Answer(status: 204, summary: "The session is over.")],
                handler: { request in
                    try await lessons.endSession(try request.session)
                    return .empty
                }
            ),
        ]
    }

    private func open(_ request: APIRequest) async throws -> APIAnswer {
        _ = try request.fields()
        let token = SessionToken()
        let session = try await lessons.openSession(
            SessionRequest(tokenDigest: token.digest, lifetime: lifetime, address: request.client?.counted)
        )
        return .json(
            [
                "id": .string(session.id.rawValue),
                // The one place that it leaves by.
                "token": .string(token.secret.reveal()),
                "expiresAt": JSONValue(session.expiresAt?.description),
            ],
            status: 201,
            headers: [("Location", "/v1/sessions/current")]
        )
    }

    private static func resource(_ session: LiveSession) -> JSONValue {
        [
            "id": .string(session.id.rawValue),
            "createdAt": .string(session.createdAt.description),
            "expiresAt": JSONValue(session.expiresAt?.description),
            "isPersistent": .boolean(session.isPersistent),
        ]
    }
}
