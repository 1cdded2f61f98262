import AntidoteCore
import HTTPTransport
import Testing

@testable import AntidoteAPI

@Suite("What the installation asks", .timeLimit(.minutes(1)))
struct OperationTests {
    /// A part that does what it is told.
    private struct Part: HealthChecking {
        let check: @Sendable () async throws -> Void
        func checkHealth() async throws { try await check() }
    }

    @Test func itLivesAndIsReady() async throws {
        let world = APIWorld(health: [("bus", Part {})])
        try await world.run { api async throws in
            #expect(try await api.client.ask(.get, "/livez").json["status"] == "alive")
            let ready = try await api.client.ask(.get, "/readyz")
            #expect(ready.status == 200)
            #expect(
                ready.json["checks"] == [["name": "store", "isHealthy": true], ["name": "bus", "isHealthy": true]]
            )
            let metrics = try await api.client.ask(.get, "/metrics")
            #expect(metrics.text == "antidote_up 1\n")
            #expect(metrics.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
        }
    }

    @Test func whatIsNotReadySaysWhichPartAndWhy() async throws {
        let dead = Part { throw AntidoteError(.storeUnavailable, "the bus refused the connection") }
        // Ends when it is cancelled, as it must.
        let silent = Part { try await TimeSource.system.sleep(.seconds(600)) }
        let broken = Part { throw Secretive() }
        let world = APIWorld(health: [("bus", dead), ("silent", silent), ("broken", broken)])
        try await world.run { api async throws in
            let reply = try await api.client.ask(.get, "/readyz")
            #expect(reply.status == 503)
            #expect(reply["code"] == "notReady")
            #expect(reply["detail"] == "not ready: bus, silent, broken")
            #expect(reply.headers["Retry-After"] == "5")
            #expect(
                reply.json["checks"] == [
                    ["name": "store", "isHealthy": true],
                    [
                        "name": "bus", "isHealthy": false, "code": "storeUnavailable",
                        "reason": "the bus refused the connection",
                    ],
                    [
                        "name": "silent", "isHealthy": false, "code": "deadlineExceeded",
                        "reason": "no answer within 0.2 seconds",
                    ],
                    [
                        "name": "broken", "isHealthy": false, "code": "internalFault",
                        "reason": "an unexpected error; see the log",
                    ],
                ]
            )
            #expect(try await api.client.ask(.get, "/livez").status == 200)
        }
    }

    @Test func whoAsksAtOnceSharesOneLook() async throws {
        let gate = Gate()
        let monitor = HealthMonitor([("slow", Part { await gate.pass() })], limit: .seconds(30), freshness: .zero)
        let found = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<50 { group.addTask { await monitor.findings().count } }
            await gate.arrived()
            gate.open()
            return await group.reduce(0, +)
        }
        #expect(found == 50)
        // Some may have come too late for the first look.
        #expect(gate.count < 50)
    }

    @Test func whatWasFoundIsGoodForAMoment() async throws {
        let gate = Gate()
        gate.open()
        let monitor = HealthMonitor([("part", Part { await gate.pass() })], freshness: .seconds(3600))
        for _ in 0..<10 { #expect(await monitor.findings().map(\.name) == ["part"]) }
        #expect(gate.count == 1)
    }

    private struct Secretive: Error {}
}
