import AntidoteCore

extension AntidoteError {
    static func unavailable(_ message: String, subject: String? = nil) -> AntidoteError {
        AntidoteError(
            .busUnavailable,
            message,
            recovery: "See that the server runs and can be reached from here: the bus connects again by itself.",
            subject: subject
        )
    }

    static var busIsClosed: AntidoteError {
        AntidoteError(
            .busUnavailable,
            "the bus is closed",
            recovery: "Make another: a closed one stays so.",
            disposition: .permanent
        )
    }
}
