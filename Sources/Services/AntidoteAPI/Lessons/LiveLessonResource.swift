@_spi(StoreKit) import AntidoteCore
import AntidoteLessons

/// A live lesson as its owner sees it.
enum LiveLessonResource {
    /// - Parameters:
    ///   - row: As it is in the store.
    ///   - edition: What it runs; `nil` where that is not kept any more.
    static func whole(_ row: Environment, _ edition: LessonEdition?) -> JSONValue {
        let view = Lifecycle.evaluate(row, now: row.phaseSince).view
        return [
            "id": .string(row.id.rawValue),
            "lesson": .string(row.source.name),
            "phase": .string(view.phase.rawValue),
            "phaseSince": .string(row.phaseSince.description),
            "stage": JSONValue(view.revision),
            "wantedStage": JSONValue(row.revision),
            "generation": JSONValue(row.generation),
            "createdAt": .string(row.createdAt.description),
            "queuedSince": row.phase == .queued ? .string(row.phaseSince.description) : nil,
            "expiresAt": JSONValue(row.expiresAt?.description),
            "endpoints": edition.map { .array(endpoints(of: row, view, $0)) } ?? [],
            "failure": row.failure.map(failure),
        ]
    }

    private static func endpoints(
        of row: Environment,
        _ view: Lifecycle.ClientView,
        _ edition: LessonEdition
    ) -> [JSONValue] {
        let reachable = view.isReachable ? row.provisioned.map { LessonAccess.all(of: edition, in: $0) } ?? [] : []
        return edition.lesson.endpoints.map { endpoint in
            [
                "name": .string(endpoint.name),
                "restarts": JSONValue(row.attempts.restarts[endpoint.name] ?? 0),
                "presentations": .array(
                    endpoint.presentations.map { presentation in
                        let access = reachable.first {
                            $0.endpoint == endpoint.name && $0.presentation == presentation.name
                        }
                        return [
                            "name": .string(presentation.name),
                            "kind": .string(presentation.kind.rawValue),
                            "address": access.map {
                                ["host": .string($0.address.host), "port": JSONValue($0.address.port)]
                            },
                            "user": JSONValue(access?.user),
                        ]
                    }
                ),
            ]
        }
    }

    private static func failure(_ failure: Failure) -> JSONValue {
        [
            "code": .string(failure.code.description),
            "message": .string(failure.message),
            "advice": JSONValue(failure.recovery),
            "place": JSONValue(failure.subject),
            "logTail": JSONValue(failure.logTail),
            "at": .string(failure.at.description),
        ]
    }
}
