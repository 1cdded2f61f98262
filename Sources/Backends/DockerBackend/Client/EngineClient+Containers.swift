import AntidoteCore
import HTTPTransport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension EngineClient {
    func containers(labels: [String: String]) async throws -> [ContainerSummary] {
        let filters = try Self.json(["label": LabelFilter.terms(labels)])
        return try await decode(
            from: Call("container.list", .get, ["containers", "json"]).asking([("all", "1"), ("filters", filters)]))
    }

    func container(_ id: String) async throws -> ContainerDetails {
        try await decode(from: Call("container.inspect", .get, ["containers", id, "json"], place: id))
    }

    /// Throws ``EngineFailure`` with 409 when the name is taken.
    func createContainer(_ name: String, _ specification: ContainerSpecification) async throws -> Created {
        let call = try Call("container.create", .post, ["containers", "create"], place: name)
            .asking([("name", name)]).sending(specification)
        return try Self.decode(Created.self, from: try await perform(call).body, of: call)
    }

    /// That it runs already is success.
    func startContainer(_ id: String) async throws {
        var call = Call("container.start", .post, ["containers", id, "start"], place: id)
        call.deadline = .seconds(120)
        _ = try await perform(call, accepting: [304])
    }

    func killContainer(_ id: String) async throws {
        // Not found and not running are both what was wanted.
        let call = Call("container.kill", .post, ["containers", id, "kill"], place: id)
        _ = try await perform(call, accepting: [404, 409])
    }

    /// Removes it with its anonymous volumes, running or not. Returns when it is gone; absent is success.
    func removeContainer(_ id: String) async throws {
        var call = Call("container.remove", .delete, ["containers", id], place: id).asking([("force", "1"), ("v", "1")])
        call.deadline = .seconds(120)
        let response = try await perform(call, accepting: [404, 409])
        // Somebody else is removing it: wait until they have.
        if response.status == 409 { try await waitUntilRemoved(id) }
    }

    private func waitUntilRemoved(_ id: String) async throws {
        var call = Call("container.wait", .post, ["containers", id, "wait"], place: id)
            .asking([("condition", "removed")])
        call.deadline = .seconds(60)
        _ = try await perform(call, accepting: [404])
    }

    /// Lends the wait for the container's next exit.
    ///
    /// The engine has begun to wait when `body` runs: what exits after that is not missed.
    func withNextExit<Result: Sendable>(
        of id: String,
        _ body: (ExitWait) async throws -> Result
    ) async throws -> Result {
        var call = Call("container.wait", .post, ["containers", id, "wait"], place: id)
            .asking([("condition", "next-exit")])
        call.idleTimeout = .never
        return try await stream(call) { try await body(ExitWait(body: $0)) }
    }

    /// Unpacks `archive` at the container's root.
    func upload(_ archive: [UInt8], to id: String) async throws {
        var call = Call("container.upload", .put, ["containers", id, "archive"], place: id).asking([("path", "/")])
        call.headers["Content-Type"] = "application/x-tar"
        call.body = .bytes(archive)
        call.deadline = .seconds(300)
        _ = try await perform(call)
    }

    /// The end of what a container printed.
    func logTail(of id: String, lines: Int = 400, since: String? = nil) async throws -> OutputTail {
        var query = [("stdout", "1"), ("stderr", "1"), ("tail", String(lines))]
        if let since { query.append(("since", since)) }
        var call = Call("container.logs", .get, ["containers", id, "logs"], place: id)
            .asking(query.map { (name: $0.0, value: $0.1) })
        call.idleTimeout = .after(.seconds(30))
        return try await stream(call) { body in
            var frames = StreamFrames()
            var tail = OutputTail()
            for try await chunk in body {
                for piece in frames.take(chunk) { tail.append(piece.bytes) }
            }
            return tail
        }
    }

    static func json(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }
}

/// A wait for an exit that the engine has begun.
struct ExitWait: Sendable {
    let body: HTTPBodyStream

    func outcome() async throws -> WaitOutcome {
        var answer: [UInt8] = []
        for try await chunk in body where answer.count < 65_536 { answer += chunk }
        return try EngineClient.decode(WaitOutcome.self, from: answer, of: .init("container.wait", .post, []))
    }
}
