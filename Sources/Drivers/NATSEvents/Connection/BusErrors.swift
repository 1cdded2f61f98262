import AntidoteCore

extension AntidoteError {
    static func unavailable(_ message: String, place: String? = nil) -> AntidoteError {
        AntidoteError(
            .busUnavailable,
            message,
            advice: "See that the server runs and can be reached from here: the bus connects again by itself.",
            place: place
        )
    }

    static var busIsClosed: AntidoteError {
        AntidoteError(
            .busUnavailable,
            "the bus is closed",
            advice: "Make another: a closed one stays so.",
            disposition: .permanent
        )
    }
}
