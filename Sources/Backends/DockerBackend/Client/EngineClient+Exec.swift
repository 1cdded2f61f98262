import HTTPTransport

extension EngineClient {
    /// Runs `command` in a running container, lends its standard output line by line, and returns its exit status.
    ///
    /// Leaving early does not end the command: the engine has no way to. Give it a deadline of its own.
    func run(
        _ command: [String],
        in container: String,
        onLine: (String) async throws -> Void = { _ in }
    ) async throws -> Int? {
        let create = try Call("exec.create", .post, ["containers", container, "exec"], place: container)
            .sending(ExecSpecification(command: command))
        let id = try Self.decode(ImageDetails.self, from: try await perform(create).body, of: create).id
        var start = try Call("exec.start", .post, ["exec", id, "start"], place: container).sending(ExecStart())
        start.idleTimeout = .never
        try await stream(start) { body in
            var frames = StreamFrames()
            var line: [UInt8] = []
            for try await chunk in body {
                for piece in frames.take(chunk) where piece.channel == .standardOutput {
                    for byte in piece.bytes {
                        if byte == UInt8(ascii: "\n") {
                            try await onLine(String(decoding: line, as: UTF8.self))
                            line.removeAll(keepingCapacity: true)
                        } else if line.count < 4096 {
                            line.append(byte)
                        }
                    }
                }
            }
            if !line.isEmpty { try await onLine(String(decoding: line, as: UTF8.self)) }
        }
        let details: ExecDetails = try await decode(
            from: Call("exec.inspect", .get, ["exec", id, "json"], place: container)
        )
        return details.isRunning ? nil : details.exitCode
    }
}
