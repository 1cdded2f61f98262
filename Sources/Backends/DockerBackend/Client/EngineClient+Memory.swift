import AntidoteCore
import HTTPTransport

extension EngineClient {
    /// Whether a container that ended as `state` says ran out of memory.
    ///
    /// What the engine shows of the container is not enough: it learns of the exit and of the kernel's verdict in either
    /// order, and a verdict that comes second is among its events alone.
    func ranOutOfMemory(_ id: String, _ state: ContainerDetails.State) async throws -> Bool {
        if state.outOfMemory { return true }
        guard state.exitCode == Self.killed, let since = EngineTime(state.startedAt)?.query(),
            let until = EngineTime(state.finishedAt)?.query(.seconds(1))
        else { return false }
        let filters = try Self.json(["container": [id], "event": ["oom"]])
        var call = Call("system.events", .get, ["events"])
            .asking([("since", since), ("until", until), ("filters", filters)])
        call.deadline = .seconds(10)
        return try await stream(call) { response in
            for try await line in response.lines() where !line.isEmpty { return true }
            return false
        }
    }

    /// The exit status of what SIGKILL ended.
    private static let killed = 137
}
