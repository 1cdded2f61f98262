import AntidoteCore

/// An endpoint that ended although nobody asked it to.
struct EndpointDeath: Sendable {
    var id: String
    var endpoint: Endpoint

    /// What to say of it: how it ended, and the last that it printed, without its secrets.
    func error(at engine: DockerEngine) async throws -> AntidoteError {
        let state: ContainerDetails.State
        do {
            state = try await engine.client.container(id).state
        } catch let failure as EngineFailure where failure.isNotFound {
            return AntidoteError(
                .endpointFailed,
                "somebody removed it",
                recovery: "It is made anew when the lab is tried again.",
                subject: endpoint.name
            )
        }
        let tail = try await engine.lastOutput(of: endpoint, container: id)
        let ranOut = try await engine.client.ranOutOfMemory(id, state)
        let reason = ranOut ? "ran out of memory" : "ended with the status \(state.exitCode)"
        return AntidoteError(
            .endpointFailed,
            "it \(reason)",
            recovery: ranOut ? "Raise its memory limit." : "Its last output says more.",
            subject: endpoint.name,
            logTail: tail
        )
    }
}
