import AntidoteCore
import AntidoteLessons

/// What there is to learn.
struct LessonRoutes: Sendable {
    static let mostListed = 200

    let lessons: LiveLessons

    var routes: [Route] {
        [
            Route(
                method: .get,
                pattern: RoutePattern("/v1/lessons"),
                name: "listLessons",
                summary: "Lists the lessons by their slugs.",
                query: Route.paging(most: LessonRoutes.mostListed),
                answers: [Route.Answer(status: 200, summary: "A page of lessons.", schema: .lessonList)],
                handler: { try await list($0) }
            ),
            Route(
                method: .get,
                pattern: RoutePattern("/v1/lessons/{slug}"),
                name: "readLesson",
                summary: "Tells of one lesson.",
                answers: [Route.Answer(status: 200, summary: "The lesson.", schema: .lesson)],
                problems: [.notFound],
                handler: { request in
                    let edition = try await lessons.edition(of: request.parameters["slug"] ?? "")
                    return .json(LessonResource.whole(edition.lesson))
                }
            ),
        ]
    }

    private func list(_ request: APIRequest) async throws -> APIAnswer {
        let limit = try request.query.limit(standard: 50, most: LessonRoutes.mostListed)
        let after = request.query["after"]
        let rest = try await lessons.lessons().filter { lesson in after.map { lesson.slug > $0 } ?? true }
        let page = rest.prefix(limit)
        return .json([
            "lessons": .array(page.map(LessonResource.whole)),
            "next": rest.count > limit ? JSONValue(page.last?.slug) : nil,
        ])
    }
}

extension Route {
    /// How lists are gone through.
    static func paging(most: Int) -> [QueryParameter] {
        [
            QueryParameter(
                name: "limit",
                summary: "How many at most.",
                schema: ["type": "integer", "minimum": 1, "maximum": .integer(Int64(most)), "default": 50]
            ),
            QueryParameter(
                name: "after",
                summary: "What the page before told as its `next`.",
                schema: ["type": "string"]
            ),
        ]
    }
}
