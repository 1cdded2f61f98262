import AntidoteCore

/// An endpoint that ended although nobody asked it to.
struct EndpointDeath: Sendable {
    var id: String
    var name: String

    /// What to say of it: how it ended, and the last that it printed.
    func error(_ client: EngineClient) async throws -> AntidoteError {
        let state: ContainerDetails.State
        do {
            state = try await client.container(id).state
        } catch let failure as EngineFailure where failure.isNotFound {
            return AntidoteError(
                .endpointFailed,
                "somebody removed it",
                advice: "It is made anew when the lab is tried again.",
                place: name
            )
        }
        let tail = try await client.logTail(of: id, lines: 60).text(without: [])
        let reason = state.outOfMemory ? "ran out of memory" : "ended with the status \(state.exitCode)"
        return AntidoteError(
            .endpointFailed,
            "it \(reason)",
            advice: state.outOfMemory ? "Raise its memory limit." : "Its last output says more.",
            place: name,
            logTail: tail.isEmpty ? nil : tail
        )
    }
}
