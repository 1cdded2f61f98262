import AntidoteCore

/// What the installation itself asks: whether the process lives and is of use, and what it counted.
struct OperationRoutes: Sendable {
    let health: HealthMonitor
    let metrics: @Sendable () -> String

    var routes: [Route] {
        [
            Route(
                method: .get,
                pattern: RoutePattern("/livez"),
                name: "isAlive",
                summary: "Answers as long as the process does.",
                answers: [Route.Answer(status: 200, summary: "It lives.", schema: .health)],
                handler: { _ in .json(["status": "alive", "checks": []]) }
            ),
            Route(
                method: .get,
                pattern: RoutePattern("/readyz"),
                name: "isReady",
                summary: "Tells whether the database and the bus can be used.",
                answers: [Route.Answer(status: 200, summary: "They can.", schema: .health)],
                handler: { _ in try await ready() }
            ),
            Route(
                method: .get,
                pattern: RoutePattern("/metrics"),
                name: "metrics",
                summary: "What was counted and measured, in Prometheus' text format.",
                answers: [
                    Route.Answer(
                        status: 200,
                        summary: "The metrics.",
                        mediaType: "text/plain; version=0.0.4; charset=utf-8"
                    )
                ],
                handler: { _ in .text(metrics(), mediaType: "text/plain; version=0.0.4; charset=utf-8") }
            ),
        ]
    }

    private func ready() async throws -> APIAnswer {
        let findings = await health.findings()
        let checks = JSONValue.array(findings.map(OperationRoutes.check))
        let failing = findings.filter { $0.problem != nil }
        if failing.isEmpty { return .json(["status": "ready", "checks": checks]) }
        var problem = APIProblem(
            .unavailable,
            .notReady,
            "not ready: \(failing.map(\.name).joined(separator: ", "))",
            advice: "See the checks for why.",
            retryAfter: 5
        )
        problem.checks = checks
        throw problem
    }

    private static func check(_ finding: HealthMonitor.Finding) -> JSONValue {
        [
            "name": .string(finding.name),
            "isHealthy": .boolean(finding.problem == nil),
            "code": JSONValue(finding.problem?.code.description),
            // A defect's message may say anything; those of errors that we know are for people.
            "reason": finding.problem.map {
                .string($0.code == .internalFault ? "an unexpected error; see the log" : $0.message)
            },
        ]
    }
}
