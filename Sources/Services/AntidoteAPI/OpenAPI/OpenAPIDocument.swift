import AntidoteCore

/// The OpenAPI 3.1 document of a table of routes: made from the very routes that are served.
struct OpenAPIDocument: Sendable {
    /// Statuses that every route may answer.
    private static let everywhere: [APIProblem.Status] = [
        .badRequest, .requestTimeout, .headersTooLarge, .internalError, .unavailable,
    ]

    let routes: [Route]

    var json: JSONValue {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Antidote",
                "version": .string(AntidoteRelease.version),
                "summary": "Labs on demand.",
                "description": .string(
                    "What is asked for, a learner polls: a live lesson is READY or FAILED in the end. "
                        + "Whatever goes wrong is told as RFC 9457 problem details with a stable code."
                ),
            ],
            "servers": [["url": "/"]],
            "paths": paths,
            "components": [
                "securitySchemes": ["session": ["type": "http", "scheme": "bearer"]],
                "schemas": OpenAPIDocument.schemas,
            ],
        ]
    }

    /// All shapes, by name.
    static var schemas: JSONValue {
        .object(Schema.allCases.map { JSONValue.Member(key: $0.rawValue, value: $0.definition) })
    }

    /// The route that serves it, and that the document tells of too.
    static func including(_ routes: [Route]) -> [Route] {
        func route(_ body: [UInt8]) -> Route {
            Route(
                method: .get,
                pattern: RoutePattern("/openapi.json"),
                name: "describeAPI",
                summary: "This document.",
                answers: [Route.Answer(status: 200, summary: "The document.", schema: .anything)],
                handler: { _ in
                    APIAnswer(
                        status: 200,
                        mediaType: "application/json",
                        body: body,
                        headers: [(name: "Cache-Control", value: "max-age=300")]
                    )
                }
            )
        }
        return routes + [route(OpenAPIDocument(routes: routes + [route([])]).json.encoded)]
    }

    private var paths: JSONValue {
        var order: [String] = []
        var operations: [String: [JSONValue.Member]] = [:]
        for route in routes {
            let path = route.pattern.description
            if operations[path] == nil { order.append(path) }
            operations[path, default: []].append(
                JSONValue.Member(key: route.method.rawValue.lowercased(), value: operation(route))
            )
        }
        return .object(order.map { JSONValue.Member(key: $0, value: .object(operations[$0] ?? [])) })
    }

    private func operation(_ route: Route) -> JSONValue {
        let inPath = route.pattern.parameters.map { name -> JSONValue in
            ["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]]
        }
        let inQuery = route.query.map { parameter -> JSONValue in
            [
                "name": .string(parameter.name), "in": "query", "description": .string(parameter.summary),
                "schema": parameter.schema,
            ]
        }
        return [
            "operationId": .string(route.name),
            "summary": .string(route.summary),
            "security": route.needsSession ? [["session": []]] : [],
            "parameters": .array(inPath + inQuery),
            "requestBody": body(route.body),
            "responses": .object(route.answers.map(answer) + problems(of: route)),
        ]
    }

    private func body(_ body: Route.Body) -> JSONValue? {
        guard let schema = body.schema else { return nil }
        let content: JSONValue = ["schema": schema.reference]
        if case .required = body { return ["required": true, "content": ["application/json": content]] }
        return ["required": false, "content": ["application/json": content]]
    }

    private func answer(_ answer: Route.Answer) -> JSONValue.Member {
        var content: JSONValue?
        if let schema = answer.schema {
            content = .object([.init(key: answer.mediaType, value: ["schema": schema.reference])])
        } else if answer.status == 200 {
            content = .object([.init(key: answer.mediaType, value: ["schema": ["type": "string"]])])
        }
        return JSONValue.Member(
            key: String(answer.status),
            value: [
                "description": .string(answer.summary),
                "headers": answer.hasLocation
                    ? ["Location": ["description": "Where it is.", "schema": ["type": "string"]]] : nil,
                "content": content,
            ]
        )
    }

    private func problems(of route: Route) -> [JSONValue.Member] {
        var statuses = Set(OpenAPIDocument.everywhere + route.problems)
        if route.needsSession { statuses.insert(.unauthorized) }
        if route.body != .none { statuses.formUnion([.contentTooLarge, .unsupportedMediaType, .unprocessable]) }
        return statuses.sorted { $0.rawValue < $1.rawValue }.map { status in
            JSONValue.Member(
                key: String(status.rawValue),
                value: [
                    "description": .string(status.title + "."),
                    "content": .object([
                        .init(key: APIProblem.mediaType, value: ["schema": Schema.problem.reference])
                    ]),
                ]
            )
        }
    }
}
