import AntidoteCore
import HTTPTransport

extension EngineClient {
    /// Whether a container that ended as `state` says ran out of memory.
    ///
    /// What the engine shows of the container is not enough: it learns of the exit and of the kernel's verdict in either
    /// order, on a busy machine seconds apart, and a verdict that comes second is among its events alone. So what was
    /// killed is told a little later, unless there is a verdict.
    func ranOutOfMemory(_ id: String, _ state: ContainerDetails.State) async throws -> Bool {
        if state.outOfMemory { return true }
        guard state.exitCode == Self.killed, let since = EngineTime(state.startedAt)?.query(),
            let until = EngineTime(state.finishedAt)?.query(.seconds(5))
        else { return false }
        let filters = try Self.json(["container": [id], "event": ["oom"]])
        var call = Call("system.events", .get, ["events"])
            .asking([("since", since), ("until", until), ("filters", filters)])
        call.deadline = .seconds(20)
        return try await stream(call) { response in
            for try await line in response.lines() where !line.isEmpty { return true }
            return false
        }
    }

    /// The exit status of what SIGKILL ended.
    private static let killed = 137
}
