import AntidoteCore

/// The engine answered, and said no.
struct EngineFailure: Error, Sendable, Hashable {
    var status: Int
    /// The engine's own words.
    var message: String
    /// What was asked, such as `container.create`.
    var operation: String
    /// The container, network or image that it was about.
    var place: String?

    /// There is no such thing, or soon no more.
    var isNotFound: Bool { status == 404 || status == 409 && message.contains("marked for removal") }
    var isConflict: Bool { status == 409 && !isNotFound }

    /// Nothing is made of an image that is not there.
    var isAboutImage: Bool { isNotFound && message.lowercased().contains("no such image") }

    /// Whether the engine is in trouble, rather than the request wrong.
    var isOverload: Bool { status >= 500 && !isPoolOverlap }

    /// A subnet that something else uses: 403 by Docker, 500 by Podman and when the pools are spent.
    var isPoolOverlap: Bool {
        let text = message.lowercased()
        return text.contains("overlap") || text.contains("already used on the host") || text.contains("pool is empty")
    }

    /// The same for people, with what to do about it.
    var error: AntidoteError {
        let text = message.lowercased()
        let code: AntidoteError.Code
        let advice: String
        if text.contains("no space left on device") || text.contains("disk quota exceeded") {
            code = .storageFull
            advice = "Free space at the engine: “docker system df” shows what takes it."
        } else if text.contains("address pool") || text.contains("pool is empty") {
            code = .capacityExhausted
            advice = "The engine has no addresses left: remove networks that nobody needs."
        } else {
            switch status {
            case _ where isNotFound:
                code = .notFound
                advice = "It was removed by somebody else, or never made."
            case 409:
                code = .nameConflict
                advice = "Try again; if it stays, something else keeps the name."
            case 500...:
                code = .backendUnavailable
                advice = "The engine is starting, stopping or in trouble: its own log says more."
            default:
                code = .backendRefused
                advice = "The engine will not do this: the message says why."
            }
        }
        return AntidoteError(
            code,
            "the Docker Engine answered \(operation) with \(status): \(message.prefix(600))",
            recovery: advice,
            subject: place,
            cause: self
        )
    }
}
