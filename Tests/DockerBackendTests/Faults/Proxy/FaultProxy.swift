import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Stands between a backend and its engine, and does to the calls that it is told of what a bad day does.
///
/// Each connection is a thread of its own that blocks, and carries one request.
final class FaultProxy: Sendable {
    /// Where it listens.
    let path: String
    private let engine: String
    private let state = Mutex(State())
    /// Told of each connection that ends.
    private let ends = NSCondition()

    private struct State {
        var listener: Int32?
        var open: Set<Int32> = []
        var plans: [Plan] = []
    }

    private struct Plan {
        var phase: EnginePhase
        /// How many calls of the phase are left alone before.
        var skipped: Int
        var treatment: Treatment
    }

    private enum Treatment {
        case fault(EngineFault)
        case stop(Turnstile, whileServing: Bool)
    }

    /// Runs `body` with one in front of the engine whose socket is at `engine`.
    static func with<Result>(
        inFrontOf engine: String,
        _ body: (FaultProxy) async throws -> Result
    ) async throws -> Result {
        try await withTemporaryFolder { folder in
            let proxy = FaultProxy(engine: engine, path: folder.path + "/s")
            try proxy.comeBack()
            defer { proxy.goDown() }
            return try await body(proxy)
        }
    }

    private init(engine: String, path: String) {
        self.engine = engine
        self.path = path
    }

    /// Does `fault` to the next call of `phase`, or to a later one.
    func spoil(_ phase: EnginePhase, with fault: EngineFault, skipping skipped: Int = 0) {
        state.withLock { $0.plans.append(Plan(phase: phase, skipped: skipped, treatment: .fault(fault))) }
    }

    /// Lets the next call of `phase` wait at the turnstile that it returns: before the engine has heard of it, or when
    /// it has, and works at it.
    func stop(at phase: EnginePhase, skipping skipped: Int = 0, whileServing: Bool = false) -> Turnstile {
        let turnstile = Turnstile()
        let treatment = Treatment.stop(turnstile, whileServing: whileServing)
        state.withLock { $0.plans.append(Plan(phase: phase, skipped: skipped, treatment: treatment)) }
        return turnstile
    }

    /// The phases whose calls nothing was done to yet; they are forgotten.
    func takeUnmet() -> [EnginePhase] {
        state.withLock { state in
            defer { state.plans = [] }
            return state.plans.map(\.phase)
        }
    }

    /// All connections end, and nobody listens any more.
    func goDown() {
        state.withLock { state in
            // Their own threads close them.
            for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
            if let listener = state.listener { shutdown(listener, Int32(SHUT_RDWR)) }
            state.listener = nil
            unlink(path)
        }
    }

    /// Listens again.
    func comeBack() throws {
        let listener = try LocalSocket.listening(at: path)
        state.withLock { $0.listener = listener }
        Thread.detachNewThread { [self] in
            while case let descriptor = accept(listener, nil, nil), descriptor >= 0 {
                state.withLock { _ = $0.open.insert(descriptor) }
                Thread.detachNewThread { [self] in
                    serve(descriptor)
                    ends.lock()
                    state.withLock { _ = $0.open.remove(descriptor) }
                    ends.broadcast()
                    ends.unlock()
                    close(descriptor)
                }
            }
            close(listener)
        }
    }

    /// Returns when nothing is on its way any more: a call that was given up may have sent something yet.
    func comeToRest() async {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [self] in
                // Connections are taken in order: when this one is over, all that came before are known.
                if let last = LocalSocket.connected(to: path) {
                    shutdown(last, Int32(SHUT_WR))
                    _ = LocalSocket.receive(from: last)
                    close(last)
                }
                ends.lock()
                while state.withLock({ !$0.open.isEmpty }) { ends.wait() }
                ends.unlock()
                continuation.resume()
            }
        }
    }

    private func serve(_ client: Int32) {
        guard let request = EngineRequest(from: client) else { return }
        switch treatment(of: request) {
        case nil: relay(request, to: client)
        case .stop(let turnstile, let whileServing):
            relay(request, to: client, at: whileServing ? nil : turnstile, then: whileServing ? turnstile : nil)
        case .fault(let fault): spoil(request, of: client, with: fault)
        }
    }

    private func treatment(of request: EngineRequest) -> Treatment? {
        state.withLock { state in
            guard let index = state.plans.firstIndex(where: { $0.phase.matches(request) }) else { return nil }
            if state.plans[index].skipped > 0 {
                state.plans[index].skipped -= 1
                return nil
            }
            return state.plans.remove(at: index).treatment
        }
    }

    private func spoil(_ request: EngineRequest, of client: Int32, with fault: EngineFault) {
        switch fault {
        case .slow:
            Thread.sleep(forTimeInterval: 0.3)
            relay(request, to: client)
        case .troubled:
            let body = #"{"message":"the engine has a bad day"}"#
            let head = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: \(body.utf8.count)\r\n"
            LocalSocket.send(Array((head + "Connection: close\r\n\r\n" + body).utf8), to: client)
        case .cut: break
        case .halfSent:
            guard let upstream = LocalSocket.connected(to: engine) else { return }
            let bytes = request.forwarded
            LocalSocket.send(Array(bytes.prefix(bytes.count / 2)), to: upstream)
            close(upstream)
        case .lost: relay(request, to: client, .nothing)
        case .torn:
            // Nothing may ever happen that they would tell.
            let isQuiet = [EnginePhase.events, .wait, .execStart].contains { $0.matches(request) }
            relay(request, to: client, isQuiet ? .begun(#"{"Type":"container","Acti"#) : .half)
        case .garbage: LocalSocket.send(Array("\u{1}\u{2}220 this is no engine\r\n\r\n".utf8), to: client)
        case .nonsense:
            let body = #"{"weather":["rain"]}"#
            // A stream would not end for it.
            if EnginePhase.allCases.contains(where: { $0.isStream && $0.matches(request) }) {
                var answer = AnswerSpoiler(.replaced(body))
                LocalSocket.send(answer.finish(), to: client)
            } else {
                relay(request, to: client, .replaced(body))
            }
        case .down: goDown()
        }
    }

    /// Brings the request to the engine and its answer back, until one of the two ends.
    private func relay(
        _ request: EngineRequest,
        to client: Int32,
        _ mode: AnswerSpoiler.Mode = .through,
        at before: Turnstile? = nil,
        then after: Turnstile? = nil
    ) {
        before?.pass()
        guard let upstream = LocalSocket.connected(to: engine) else { return }
        defer { close(upstream) }
        guard LocalSocket.send(request.forwarded, to: upstream) else { return }
        after?.pass()
        var spoiler = AnswerSpoiler(mode)
        while !spoiler.isOver {
            let (isAnswered, isLeft) = LocalSocket.wait(for: upstream, client)
            if isAnswered {
                let bytes = LocalSocket.receive(from: upstream)
                let isTaken = LocalSocket.send(bytes.map { spoiler.take($0) } ?? spoiler.finish(), to: client)
                guard let _ = bytes else { return }
                if !isTaken { return finish(request, upstream) }
            } else if isLeft, LocalSocket.receive(from: client) == nil {
                return finish(request, upstream)
            }
        }
    }

    /// The engine goes on with what it was asked although nobody waits for it: only when it has answered, that is done.
    private func finish(_ request: EngineRequest, _ upstream: Int32) {
        guard !EnginePhase.allCases.contains(where: { $0.isStream && $0.matches(request) }) else { return }
        while LocalSocket.receive(from: upstream) != nil {}
    }
}
