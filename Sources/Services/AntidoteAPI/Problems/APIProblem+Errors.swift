import AntidoteCore

extension APIProblem {
    /// What an error of the core is to whoever asked: the one table.
    ///
    /// What is the caller's to mend is told as it is. Of everything else nobody outside learns more than that it
    /// happened: messages name hosts and files.
    init(_ error: AntidoteError) {
        switch error.code {
        case .notFound, .notOwner:
            self.init(.notFound, telling: error)
        case .sessionEnded:
            self.init(.unauthorized, telling: error)
        case .invalidIdentifier, .unsupported, .invalidTopology:
            self.init(.unprocessable, telling: error)
        case .curriculumInvalid, .nameConflict:
            self.init(.conflict, telling: error)
        case .limitExceeded:
            self.init(.tooManyRequests, telling: error, retryAfter: 60)
        case .queueFull:
            self.init(.tooManyRequests, telling: error, retryAfter: 10)
        case .storeUnavailable, .deadlineExceeded, .authorityLost, .backendUnavailable, .capacityExhausted,
            .storageFull:
            self.init(
                .unavailable,
                code: error.code.description,
                "the service cannot do that right now",
                advice: "Ask again in a while.",
                retryAfter: 5,
                cause: error
            )
        default:
            self.init(
                .internalError,
                code: error.code.description,
                "something went wrong on our side",
                advice: "Ask again; if it goes on, tell the operator the request's id.",
                cause: error
            )
        }
    }

    private init(_ status: Status, telling error: AntidoteError, retryAfter: Int? = nil) {
        self.init(
            status,
            code: error.code.description,
            error.message,
            advice: error.recovery,
            place: error.subject,
            retryAfter: retryAfter
        )
    }

    /// What anything thrown is to whoever asked.
    static func wrapping(_ error: any Error) -> APIProblem {
        (error as? APIProblem) ?? APIProblem(AntidoteError.wrapping(error))
    }

    /// `error` about something that the body named: the path is there, so that it is no 404.
    static func inBody(_ error: any Error) -> any Error {
        guard let error = error as? AntidoteError, error.code == .notFound, error.subject != nil else { return error }
        var problem = APIProblem(error)
        problem.status = .unprocessable
        return problem
    }

    static var unauthenticated: APIProblem {
        APIProblem(
            .unauthorized,
            .unauthenticated,
            "this needs the token of a session that is not over",
            advice: "Open a session with POST /v1/sessions, and send its token as “Authorization: Bearer TOKEN”."
        )
    }
}
