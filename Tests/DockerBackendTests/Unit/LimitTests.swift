import AntidoteCore
import Testing

@testable import DockerBackend

@Suite("How much an engine gets at once", .timeLimit(.minutes(1)))
struct LimitTests {
    @Test("the limit grows while the engine answers well, and shrinks when it does not")
    func limit() {
        var limit = AdaptiveLimit(cpus: 2)
        #expect(limit.slots == 4)
        for _ in 0..<200 { limit.record(kind: "start", seconds: 0.2, failed: false, inFlight: limit.slots) }
        #expect(limit.slots == 16)
        limit.record(kind: "start", seconds: 0.2, failed: true)
        #expect(limit.slots == 8)
        for _ in 0..<8 { limit.record(kind: "start", seconds: 0.2, failed: true) }
        #expect(limit.slots == 8)
        for _ in 0..<400 { limit.record(kind: "start", seconds: 30, failed: true) }
        #expect(limit.slots == 1)
    }

    @Test("an engine whose processors are busy gets no more at once, and one in which calls wait gets less")
    func latency() {
        var limit = AdaptiveLimit(cpus: 2)
        for _ in 0..<1000 {
            let inFlight = limit.slots
            limit.record(kind: "start", seconds: 0.1 * Double(inFlight), failed: false, inFlight: inFlight)
        }
        #expect((4...6).contains(limit.slots))
        let before = limit.value
        limit.record(kind: "start", seconds: 4, failed: false, inFlight: 6)
        #expect(limit.value < before)
    }

    @Test("short calls say little beside long ones, and nothing where there was room")
    func weight() {
        var limit = AdaptiveLimit(cpus: 2)
        limit.record(kind: "start", seconds: 0.4, failed: false)
        for _ in 0..<40 { limit.record(kind: "connect", seconds: 0.004, failed: false, inFlight: limit.slots) }
        #expect(limit.slots == 4)
        for _ in 0..<1000 { limit.record(kind: "start", seconds: 0.4, failed: false, inFlight: 2) }
        #expect(limit.slots == 4)
    }

    @Test("slow calls leave two for each processor, and what became slower for good is learnt of those")
    func recovery() {
        var limit = AdaptiveLimit(cpus: 2)
        limit.record(kind: "start", seconds: 0.3, failed: false)
        for _ in 0..<100 { limit.record(kind: "start", seconds: 2, failed: false, inFlight: limit.slots) }
        #expect(limit.slots == 4)
        for _ in 0..<300 { limit.record(kind: "start", seconds: 2, failed: false, inFlight: limit.slots) }
        #expect(limit.slots > 4)
    }

    @Test("whose work began first is served first")
    func turns() async throws {
        var one = AdaptiveLimit(cpus: 1)
        // Beside such a call those below count for nothing, and leave the limit alone.
        one.record(kind: "long", seconds: 1_000_000, failed: false)
        for _ in 0..<100 { one.record(kind: "start", seconds: 1, failed: true) }
        let limiter = AdaptiveLimiter(limit: one, time: .system, backend: BackendID(unchecked: "test"))
        let (early, late) = (limiter.nextTurn(), limiter.nextTurn())
        let (served, serve) = AsyncStream.makeStream(of: String.self)
        let (gate, opened) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (began, beginning) = AsyncStream.makeStream(of: Void.self)
            group.addTask {
                try await limiter.withSlot("start", turn: early, isOverload: { _ in false }) {
                    beginning.finish()
                    for await _ in gate {}
                }
            }
            for await _ in began {}
            for (name, turn) in [("late", late), ("early", early), ("later", late), ("early again", early)] {
                let waiting = limiter.waiting
                group.addTask {
                    try await limiter.withSlot("start", turn: turn, isOverload: { _ in false }) {
                        _ = serve.yield(name)
                    }
                }
                while limiter.waiting == waiting { await Task.yield() }
            }
            opened.finish()
            try await group.waitForAll()
        }
        serve.finish()
        var order: [String] = []
        for await name in served { order.append(name) }
        #expect(order == ["early", "early again", "late", "later"])
    }
}
