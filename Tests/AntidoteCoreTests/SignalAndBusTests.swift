import AntidoteTesting
import ConcurrencyKit
import Testing

@testable import AntidoteCore

@Suite("Signals", .timeLimit(.minutes(1)))
struct WakeSignalTests {
    @Test func aSignalBeforeTheWaitIsKept() async {
        let signal = WakeSignal()
        signal.signal()
        signal.signal()
        await signal.wait()
    }

    @Test func cancellationEndsTheWait() async {
        let signal = WakeSignal()
        let waiter = Task { await signal.wait() }
        waiter.cancel()
        await waiter.value
    }

    @Test func theLimitEndsTheWait() async {
        let clock = ManualClock()
        let signal = WakeSignal()
        async let wait = signal.wait(atMost: .seconds(5), on: clock.timeSource)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(5))
        #expect(await wait == false)
        signal.signal()
        #expect(await signal.wait(atMost: .seconds(5), on: clock.timeSource))
    }

    /// A producer that waits for its item to be taken after each signal: one lost signal would hang it.
    @Test func noSignalIsLostUnderStress() async {
        let signal = WakeSignal()
        let answer = WakeSignal()
        let time = ManualClock().timeSource
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for _ in 0..<5000 {
                    signal.signal()
                    await answer.wait(atMost: .seconds(1), on: time)
                }
            }
            group.addTask {
                for _ in 0..<5000 {
                    await signal.wait(atMost: .seconds(1), on: time)
                    answer.signal()
                }
            }
        }
    }
}

@Suite("The bus within one process", .timeLimit(.minutes(1)))
struct InProcessBusTests {
    private func message(_ subject: String, _ byte: UInt8 = 0) -> BusMessage {
        BusMessage(subject: subject, payload: [byte])
    }

    @Test(arguments: [
        ("a.b", "a.b", true), ("a.*", "a.b", true), ("a.*", "a.b.c", false), ("a.>", "a.b.c", true),
        ("a.>", "a", false), ("*.b", "a.b", true), ("a", "a.b", false), ("a.b", "a", false), ("", "", true),
        ("a.*.c", "a..c", true),
    ])
    func patternsMatchAsInNATS(pattern: String, subject: String, matches: Bool) {
        #expect(SubjectPattern(pattern).matches(subject) == matches)
    }

    @Test func everySubscriberGetsEveryMessage() async throws {
        let bus = InProcessBus()
        try await bus.withSubscription(to: SubjectPattern("a.*")) { first in
            try await bus.withSubscription(to: SubjectPattern(">")) { second in
                try await bus.publish(message("a.x"))
                for stream in [first, second] {
                    var iterator = stream.makeAsyncIterator()
                    #expect(await iterator.next()?.subject == "a.x")
                }
            }
        }
    }

    @Test func aQueueSharesItsMessages() async throws {
        let bus = InProcessBus()
        let counts = try await bus.withSubscription(to: SubjectPattern("a"), queue: "q") { first in
            try await bus.withSubscription(to: SubjectPattern("a"), queue: "q") { second in
                for byte in UInt8(0)..<10 { try await bus.publish(message("a", byte)) }
                var seen: [[UInt8]] = []
                for stream in [first, second] {
                    var iterator = stream.makeAsyncIterator()
                    var own: [UInt8] = []
                    for _ in 0..<5 { own += await iterator.next()?.payload ?? [] }
                    seen.append(own)
                }
                return seen
            }
        }
        #expect(counts.map(\.count) == [5, 5])
        #expect(Set(counts.joined()).count == 10)
    }

    @Test func aSlowSubscriberLosesTheOldestAndHoldsNobodyUp() async throws {
        let bus = InProcessBus(limits: BusLimits(pendingMessages: 2))
        try await bus.withSubscription(to: SubjectPattern("a")) { stream in
            for byte in UInt8(0)..<5 { try await bus.publish(message("a", byte)) }
            var iterator = stream.makeAsyncIterator()
            #expect(await iterator.next()?.payload == [3])
            #expect(await iterator.next()?.payload == [4])
        }
    }

    @Test func anEndedSubscriptionEndsItsStream() async throws {
        let bus = InProcessBus()
        let stream = try await bus.withSubscription(to: SubjectPattern("a")) { $0 }
        try await bus.publish(message("a"))
        var iterator = stream.makeAsyncIterator()
        #expect(await iterator.next() == nil)
    }

    /// Anybody may write to a bus.
    @Test(arguments: [[], Array("{}".utf8), [0xFF, 0xFE], [UInt8](repeating: 0x41, count: 200)])
    func garbageDoesNotEndProgress(payload: [UInt8]) async throws {
        let bus = InProcessBus()
        let instance = EmbeddedInstance(
            id: InstanceID(unchecked: "test"),
            backend: FakeWorld().backend,
            planners: FakeWorld.planners,
            bus: bus
        )
        let subject = Subjects(instance: instance.id).progress()
        let id = EnvironmentID(unchecked: "aaaaaaaaaaaaaaaa")
        try await RunningInstance(instance: instance).withProgress(of: id) { snapshots in
            try await bus.publish(BusMessage(subject: subject, payload: payload))
            let board = ProgressBoard()
            board.reporter(for: id, kind: "test").report(.note("real"))
            let run = Task { try await board.run(instance.dependencies.publisher) }
            defer { run.cancel() }
            var iterator = snapshots.makeAsyncIterator()
            #expect(await iterator.next()?.note == "real")
        }
    }
}
