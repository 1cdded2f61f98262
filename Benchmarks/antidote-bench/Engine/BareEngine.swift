import AntidoteCore
import Foundation

/// The engine as a script sees it: one call after another, each on a connection of its own, on the thread that asks.
struct BareEngine: Sendable {
    let socket: String

    /// Sends `request` and returns the whole answer. Throws for a status above 399, unless it is `accepted`.
    @discardableResult
    func call(_ request: PlainRequest, accepting accepted: Set<Int> = []) throws -> PlainAnswer {
        let connection = try PlainSocket.connected(to: socket)
        try connection.write(request.bytes)
        var bytes: [UInt8] = []
        while true {
            let more = try connection.read()
            if more.isEmpty { break }
            bytes += more
        }
        let answer = try PlainAnswer(bytes)
        guard answer.status < 400 || accepted.contains(answer.status) else {
            throw AntidoteError(
                .backendRefused,
                "\(request.method) \(request.path): \(answer.status) \(String(decoding: answer.body, as: UTF8.self))"
            )
        }
        return answer
    }

    /// Removes everything that carries the label of `instance`.
    func removeAll(of instance: InstanceID) throws {
        let filter = "%7B%22label%22%3A%5B%22labs.antidote.instance%3D\(instance)%22%5D%7D"
        let containers = try call(PlainRequest("GET", "/containers/json?all=1&filters=\(filter)")).decode([Named].self)
        for container in containers {
            try call(PlainRequest("DELETE", "/containers/\(container.id)?force=1&v=1"), accepting: [404, 409])
        }
        let networks = try call(PlainRequest("GET", "/networks?filters=\(filter)")).decode([Named].self)
        for network in networks { try call(PlainRequest("DELETE", "/networks/\(network.id)"), accepting: [404]) }
    }

    /// Of anything that the engine makes.
    struct Named: Decodable {
        var id: String

        enum CodingKeys: String, CodingKey { case id = "Id" }
    }
}

/// Runs blocking work for each element on a thread of its own, and returns when all is done. Throws the first error.
func onThreads<Element: Sendable, Value: Sendable>(
    _ elements: [Element],
    _ work: @escaping @Sendable (Element) throws -> Value
) throws -> [Value] {
    let results = Results<Value>()
    let group = DispatchGroup()
    for (index, element) in elements.enumerated() {
        group.enter()
        let thread = Thread {
            let result = Result { try work(element) }
            results.set(result, at: index)
            group.leave()
        }
        thread.start()
    }
    group.wait()
    return try results.all(elements.count)
}

/// The same from a task, whose own thread must not block.
func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result { try work() }) }.start()
    }
}
