import AntidoteCore
import Synchronization

/// What one case works with.
struct EventBusScene: Sendable {
    let world: any EventBusWorld
    let limits: BusLimits
    let time: TimeSource

    func bus() async throws -> any EventBus { try await world.bus() }

    func message(_ subject: String, _ text: String, _ headers: [String: String] = [:]) -> BusMessage {
        BusMessage(subject: subject, payload: Array(text.utf8), headers: headers)
    }

    /// Listens while `body` runs, and lends it what was heard.
    func listening<Value: Sendable>(
        _ bus: any EventBus,
        _ pattern: String,
        queue: String? = nil,
        _ body: @Sendable (Listener) async throws -> Value
    ) async throws -> Value {
        try await bus.withSubscription(to: SubjectPattern(pattern), queue: queue) { stream in
            let listener = Listener()
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await message in stream { listener.hear(message) }
                    listener.end()
                }
                defer { group.cancelAll() }
                return try await body(listener)
            }
        }
    }

    /// Listens in several places at once while `body` runs: (bus, pattern, queue) each.
    func listening(
        _ places: [(bus: any EventBus, pattern: String, queue: String?)],
        _ body: @escaping @Sendable ([Listener]) async throws -> Void
    ) async throws {
        try await nest(places[...], [], body)
    }

    private func nest(
        _ places: ArraySlice<(bus: any EventBus, pattern: String, queue: String?)>,
        _ listeners: [Listener],
        _ body: @escaping @Sendable ([Listener]) async throws -> Void
    ) async throws {
        guard let next = places.first else { return try await body(listeners) }
        let rest = places.dropFirst()
        try await listening(next.bus, next.pattern, queue: next.queue) { listener in
            try await nest(rest, listeners + [listener], body)
        }
    }

    /// Publishes, and again for as long as the bus cannot be reached.
    func publishWhenThere(_ message: BusMessage, on bus: any EventBus) async throws {
        while true {
            do {
                return try await bus.publish(message)
            } catch let error as AntidoteError where [.busUnavailable, .deadlineExceeded].contains(error.code) {
                try await time.sleep(.milliseconds(20))
            }
        }
    }

    /// How long `act` takes, also when it throws.
    func duration(_ act: () async throws -> Void) async -> (time: Duration, error: (any Error)?) {
        let began = time.uptime()
        do {
            try await act()
            return (time.uptime() - began, nil)
        } catch {
            return (time.uptime() - began, error)
        }
    }
}

/// Who hears everything of one subscription.
final class Listener: Sendable {
    private struct State {
        var heard: [BusMessage] = []
        var isOver = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var heard: [BusMessage] { state.withLock { $0.heard } }
    /// The payloads, as text.
    var texts: [String] { heard.map { String(decoding: $0.payload, as: UTF8.self) } }

    fileprivate func hear(_ message: BusMessage) { change { $0.heard.append(message) } }
    fileprivate func end() { change { $0.isOver = true } }

    /// Waits until that much was heard; the case's patience bounds it.
    func hears(_ count: Int) async throws {
        try await waits { $0.heard.count >= count }
    }

    /// Waits until it hears that text, which is the last that it is to hear.
    func hears(last text: String) async throws {
        try await waits { String(decoding: $0.heard.last?.payload ?? [], as: UTF8.self) == text }
    }

    private func waits(until isDone: @Sendable (State) -> Bool) async throws {
        while true {
            let step = state.withLock { state in isDone(state) ? Step.done : state.isOver ? .over : .wait }
            if step == .done { return }
            try require(step == .wait, "the stream ended after \(texts.prefix(20)), and more was to come")
            try Task.checkCancellation()
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isDue = state.withLock { state in
                        if isDone(state) || state.isOver || Task.isCancelled { return true }
                        state.waiting.append(continuation)
                        return false
                    }
                    if isDue { continuation.resume() }
                }
            } onCancel: {
                change { _ in }
            }
        }
    }

    private enum Step { case done, over, wait }

    private func change(_ body: (inout State) -> Void) {
        let waiting = state.withLock { state in
            body(&state)
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
