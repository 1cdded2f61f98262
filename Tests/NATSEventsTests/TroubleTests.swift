import AntidoteCore
import AntidoteTesting
import Metrics
import MetricsTestKit
import NATSEvents
import Testing

@Suite("What goes wrong on the way", .timeLimit(.minutes(1)))
struct TroubleTests {
    @Test func whatHappensIsLoggedAndCounted() async throws {
        let server = try await NATSServer.started()
        let (log, metrics) = (BusLog(), TestMetrics())
        let configuration = NATSConfiguration.test(server.url())
        let bus = try withMetricsFactory(metrics) { try NATSEventBus(configuration, logger: log.logger) }
        try await bus.connect()
        await server.stop()
        try await server.start()
        try await publish(message("a"), whenThereOn: bus)
        await bus.close()
        func count(_ event: String) -> Int64 {
            metrics.counterTotal(label: "antidote_bus_connections", dimensions: [("event", event)])
        }
        #expect(count("connected") == 2 && count("lost") == 1)
        #expect(log.text.contains("the connection to the bus is lost"))
        #expect(log.text.components("connected to the bus") == 2)
        #expect(!log.text.contains("sesame"), "\(log.text)")
    }

    @Test func whatTheServerDoesNotPermitIsAnError() async throws {
        let server = try await NATSServer.started(
            #"""
            authorization { users: [ { user: "antidote", password: "open sesame", permissions: {
                publish: ["mine.>"], subscribe: ["mine.>"] } } ] }
            """#
        )
        let log = BusLog()
        try await withBus(.test(server.url()), logger: log.logger) { bus in
            let refusal = try await error(.busDenied) { try await bus.publish(message("others.a")) }
            #expect(refusal.message.contains("others.a"))
            _ = try await error(.busDenied) {
                try await bus.withSubscription(to: SubjectPattern("others.*"), queue: nil) { _ in }
            }
            // What is permitted goes on, and a refusal broke nothing.
            try await bus.withSubscription(to: SubjectPattern("mine.*"), queue: nil) { stream in
                try await bus.publish(message("mine.a", "heard"))
                for await heard in stream {
                    #expect(heard == message("mine.a", "heard"))
                    break
                }
            }
        }
        #expect(log.text.contains("the bus reported an error"))
    }

    @Test func aServerThatTakesLessThanWeSaysSo() async throws {
        let server = try await NATSServer.started("max_payload: 1000\n\(NATSServer.userAndPassword)")
        try await withBus(.test(server.url())) { bus in
            let large = BusMessage(subject: "a", payload: .init(repeating: 1, count: 2000))
            let refusal = try await error(.messageRefused) { try await bus.publish(large) }
            #expect(refusal.recovery?.contains("max_payload") == true)
            try await bus.publish(message("a"))
        }
    }

    /// A server may come back with other passwords, and with the right ones later: nothing is given up for good.
    @Test func aServerThatForgetsUsIsTriedUntilItRemembers() async throws {
        let server = try await NATSServer.started()
        try await withBus(.test(server.url())) { bus in
            await server.stop()
            try await server.start(#"authorization { user: "antidote", password: "other" }"#)
            while true {
                let error = try await error(.busUnavailable) { try await bus.publish(message("a")) }
                if error.message.contains("refused the credentials") { break }
                try await Task.sleep(for: .milliseconds(10))
            }
            await server.stop()
            try await server.start()
            try await publish(message("a"), whenThereOn: bus)
        }
    }

    @Test func anAskForHealthEndsInTime() async throws {
        let server = try await NATSServer.started()
        let bus = try NATSEventBus(.test(server.url()) { $0.operationTimeout = .seconds(10) }, logger: .silent)
        _ = try await error(.busUnavailable) { try await bus.checkHealth() }
        try await bus.connect()
        try await bus.checkHealth()
        server.freeze()
        let began = ContinuousClock.now
        let late = try await error(.busUnavailable) { try await bus.checkHealth(within: .milliseconds(200)) }
        #expect(late.message.contains("did not answer within 0.2 seconds"))
        #expect(began.duration(to: .now) < .seconds(4))
        await server.stop()
        await bus.close()
    }

    /// A stranger who sends without end costs memory within bounds, and every message that is lost is counted.
    @Test func aFloodIsBoundedAndCounted() async throws {
        let server = try await NATSServer.started()
        let (log, metrics) = (BusLog(), TestMetrics())
        let configuration = NATSConfiguration.test(server.url()) { $0.pendingBytes = 100_000 }
        let bus = try withMetricsFactory(metrics) { try NATSEventBus(configuration, logger: log.logger) }
        try await bus.connect()
        let count = 20_000
        let heard = try await bus.withSubscription(to: SubjectPattern("a"), queue: nil) { stream in
            // Another subscription of the same connection tells when all has come.
            try await bus.withSubscription(to: SubjectPattern("end"), queue: nil) { ends in
                let stranger = try RawClient.loggedIn(port: server.port)
                for number in 1...count {
                    stranger.publish("a", headers: [], payload: Array("\(number) \(filler)".utf8))
                }
                try stranger.flush()
                stranger.publish("end", headers: [], payload: [])
                for await _ in ends { break }
                // Meanwhile the bus does its work.
                try await bus.checkHealth()
            }
            var heard = 0
            for await message in stream {
                heard += 1
                if message.payload.starts(with: "\(count) ".utf8) { break }
            }
            return heard
        }
        #expect(heard > 50 && heard < 200)
        #expect(Int(metrics.counterTotal(label: "antidote_bus_dropped_messages")) == count - heard)
        #expect(log.text.components("a subscriber is too slow") == 1, "\(log.text)")
        await bus.close()
    }

    private let filler = String(repeating: "x", count: 900)

    /// Forged, repeated and senseless events reach whoever listens as they are; what is done about them is not the bus's.
    @Test func whatStrangersSayIsToldAsItIs() async throws {
        let server = try await NATSServer.started()
        try await withBus(.test(server.url())) { bus in
            try await bus.withSubscription(to: SubjectPattern("a.*"), queue: nil) { stream in
                let stranger = try RawClient.loggedIn(port: server.port)
                // Subjects that we would never use.
                for subject in ["a.ö", "a.$", "a.x"] {
                    stranger.publish(subject, headers: [], payload: [0xFF, 0, 0xFE])
                }
                try stranger.flush()
                var heard: [BusMessage] = []
                for await message in stream {
                    heard.append(message)
                    if message.subject == "a.x" { break }
                }
                #expect(heard.map(\.subject) == ["a.ö", "a.$", "a.x"])
                #expect(heard.allSatisfy { $0.payload == [0xFF, 0, 0xFE] && $0.headers.isEmpty })
            }
        }
    }
}

extension String {
    /// How often `text` occurs.
    fileprivate func components(_ text: String) -> Int { ranges(of: text).count }
}
