@_spi(StoreKit) import AntidoteCore
import AntidoteLessons

/// The labs of whoever asks.
struct LiveLessonRoutes: Sendable {
    static let mostListed = 100

    let lessons: LiveLessons

    var routes: [Route] {
        [
            Route(
                method: .post,
                pattern: RoutePattern("/v1/livelessons"),
                name: "requestLiveLesson",
                summary: "Asks for a lesson. A session that has it already gets the one that it has, as it is.",
                needsSession: true,
                body: .required(.liveLessonRequest),
                answers: [
                    Route.Answer(status: 201, summary: "A new live lesson.", schema: .liveLesson, hasLocation: true),
                    Route.Answer(status: 200, summary: "The one that was there.", schema: .liveLesson),
                ],
                problems: [.conflict, .unprocessable, .tooManyRequests],
                handler: { try await request($0) }
            ),
            Route(
                method: .get,
                pattern: RoutePattern("/v1/livelessons"),
                name: "listLiveLessons",
                summary: "Lists the session's live lessons, the oldest first.",
                needsSession: true,
                query: Route.paging(most: LiveLessonRoutes.mostListed),
                answers: [Route.Answer(status: 200, summary: "A page of live lessons.", schema: .liveLessonList)],
                handler: { try await list($0) }
            ),
            Route(
                method: .get,
                pattern: RoutePattern("/v1/livelessons/{id}"),
                name: "readLiveLesson",
                summary: "Tells how far a live lesson is, and how it is reached. It counts as used then.",
                needsSession: true,
                answers: [Route.Answer(status: 200, summary: "The live lesson.", schema: .liveLesson)],
                problems: [.notFound],
                handler: { try await read($0) }
            ),
            Route(
                method: .patch,
                pattern: RoutePattern("/v1/livelessons/{id}"),
                name: "changeLiveLesson",
                summary: "Wants another stage. Of two wishes at once the last one counts.",
                needsSession: true,
                body: .required(.liveLessonChange),
                answers: [Route.Answer(status: 200, summary: "The live lesson.", schema: .liveLesson)],
                problems: [.notFound, .conflict, .unprocessable],
                handler: { try await change($0) }
            ),
            Route(
                method: .delete,
                pattern: RoutePattern("/v1/livelessons/{id}"),
                name: "deleteLiveLesson",
                summary: "Wants a live lesson gone.",
                needsSession: true,
                answers: [
                    Route.Answer(status: 202, summary: "It is being taken away.", schema: .liveLesson),
                    Route.Answer(status: 204, summary: "It is gone."),
                ],
                problems: [.notFound],
                handler: { try await delete($0) }
            ),
        ]
    }

    private func request(_ request: APIRequest) async throws -> APIAnswer {
        let fields = try request.fields("lesson", "stage")
        let (slug, stage) = (try fields.text("lesson"), try fields.optionalInteger("stage") ?? 0)
        let admission: Admission
        do {
            admission = try await lessons.request(
                slug,
                stage: stage,
                for: try request.session,
                traceContext: request.traceContext
            )
        } catch {
            throw APIProblem.inBody(error)
        }
        return .json(
            try await resource(of: admission.environment),
            status: admission.isNew ? 201 : 200,
            headers: admission.isNew ? [("Location", "/v1/livelessons/\(admission.environment.id)")] : []
        )
    }

    private func list(_ request: APIRequest) async throws -> APIAnswer {
        let limit = try request.query.limit(standard: 50, most: LiveLessonRoutes.mostListed)
        let after = try request.query["after"].map { text throws(APIProblem) in
            guard let ticket = Int64(text) else {
                throw APIProblem(.badRequest, .invalidQuery, "“after” is not what a page told as next", place: "after")
            }
            return ticket
        }
        // One more than is shown tells whether there is another page.
        let rows = try await lessons.list(of: try request.session, after: after, limit: limit + 1)
        var resources: [JSONValue] = []
        for row in rows.prefix(limit) { resources.append(try await resource(of: row)) }
        return .json([
            "liveLessons": .array(resources),
            "next": rows.count > limit ? .string(String(rows[limit - 1].ticket)) : nil,
        ])
    }

    private func change(_ request: APIRequest) async throws -> APIAnswer {
        let stage = try request.fields("stage").integer("stage")
        let (id, session) = (try id(request), try request.session)
        do {
            return .json(try await resource(of: try await lessons.change(id, toStage: stage, of: session)))
        } catch let error as AntidoteError where error.code == .notFound && error.subject == nil {
            guard let row = try await lessons.read(id, of: session) else { throw LiveLessonRoutes.missing }
            guard !row.isRunning else { throw error }
            throw APIProblem(
                .conflict,
                .notRunning,
                "the live lesson \(id) is \(row.phase.rawValue)",
                advice: "Ask for the lesson again: that is a new one."
            )
        } catch {
            throw APIProblem.inBody(error)
        }
    }

    private func delete(_ request: APIRequest) async throws -> APIAnswer {
        let (id, session) = (try id(request), try request.session)
        do {
            guard let going = try await lessons.delete(id, of: session) else { return .empty }
            return .json(try await resource(of: going), status: 202)
        } catch let error as AntidoteError where error.code == .notFound {
            throw LiveLessonRoutes.missing
        }
    }

    private func read(_ request: APIRequest) async throws -> APIAnswer {
        guard let row = try await lessons.read(try id(request), of: try request.session) else {
            throw LiveLessonRoutes.missing
        }
        return .json(try await resource(of: row))
    }

    private func id(_ request: APIRequest) throws(APIProblem) -> EnvironmentID {
        guard let id = EnvironmentID(rawValue: request.parameters["id"] ?? "") else { throw LiveLessonRoutes.missing }
        return id
    }

    /// What is nobody's, what is somebody else's and what is no id look the same.
    private static var missing: APIProblem {
        APIProblem(
            .notFound,
            code: AntidoteError.Code.notFound.description,
            "you have no live lesson of that id",
            advice: "List yours with GET /v1/livelessons, or ask for the lesson again."
        )
    }

    private func resource(of row: Environment) async throws -> JSONValue {
        do {
            return LiveLessonResource.whole(row, try await lessons.edition(of: row))
        } catch let error as AntidoteError where error.code == .notFound {
            return LiveLessonResource.whole(row, nil)
        }
    }
}
