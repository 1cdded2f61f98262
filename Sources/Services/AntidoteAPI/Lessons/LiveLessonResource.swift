import AntidoteCore
import AntidoteLessons

/// A live lesson as its owner sees it.
enum LiveLessonResource {
    /// - Parameters:
    ///   - row: As it is in the store.
    ///   - edition: What it runs; `nil` where that is not kept any more.
    static func whole(_ row: Environment, _ edition: LessonEdition?) -> JSONValue {
        [
            "id": .string(row.id.rawValue),
            "lesson": .string(row.source.name),
            "phase": .string(row.phase.rawValue),
            "phaseSince": .string(row.phaseSince.description),
            "stage": row.isRunning && row.observedGeneration == row.generation ? JSONValue(row.revision) : nil,
            "wantedStage": JSONValue(row.revision),
            "generation": JSONValue(row.generation),
            "createdAt": .string(row.createdAt.description),
            "queuedSince": row.phase == .queued ? .string(row.phaseSince.description) : nil,
            "expiresAt": JSONValue(row.expiresAt?.description),
            "endpoints": edition.map { .array(endpoints(of: row, $0)) } ?? [],
            "failure": row.failure.map(failure),
        ]
    }

    private static func endpoints(of row: Environment, _ edition: LessonEdition) -> [JSONValue] {
        // Before it is ready its machines are half made; after that they are going.
        let reachable = row.phase == .ready ? row.provisioned.map { LessonAccess.all(of: edition, in: $0) } ?? [] : []
        return edition.lesson.endpoints.map { endpoint in
            [
                "name": .string(endpoint.name),
                "restarts": JSONValue(row.restarts[endpoint.name] ?? 0),
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
            "advice": JSONValue(failure.advice),
            "place": JSONValue(failure.place),
            "logTail": JSONValue(failure.logTail),
            "at": .string(failure.at.description),
        ]
    }
}
