import AntidoteCore
import HTTPTransport
import Testing

@testable import AntidoteAPI

@Suite("How it ends", .timeLimit(.minutes(1)))
struct ShutdownTests {
    @Test func whatIsUnderWayIsFinishedAndNothingNewBegun() async throws {
        let gate = Gate()
        var world = APIWorld()
        world.wrap = { store in
            store.gated { name in if name == "open session" { await gate.pass() } }
        }
        try await world.run { api async throws in
            async let reply = api.client.ask(.post, "/v1/sessions")
            await gate.arrived()
            await api.stop()
            // Refused as soon as it has heard.
            while await RawConnection.exchange(port: api.port, []) != "no connection" { try Task.checkCancellation() }
            gate.open()
            #expect(try await reply.status == 201)
        }
    }

    @Test func whatTakesTooLongIsCutOff() async throws {
        var world = APIWorld(settings: APISettings(port: 0, drainTimeout: .milliseconds(100)))
        // What was begun to be written is not given up before.
        world.policy.storeDeadline = .milliseconds(500)
        let gate = Gate()
        world.wrap = { store in
            store.gated { name in
                guard name == "open session" else { return }
                async let _ = gate.pass()
                gate.open()
                try await TimeSource.system.sleep(.seconds(600))
            }
        }
        try await world.run { [world] api async throws in
            async let reply = try? api.client.ask(.post, "/v1/sessions")
            await gate.arrived()
            await api.stop()
            let status = await reply?.status
            #expect(status == nil || status == 503 || status == 500)
            #expect(world.logged.contains { $0.contains("cut off") })
        }
    }

    @Test func aConnectionThatOnlyWaitsKeepsNobodyFromEnding() async throws {
        let world = APIWorld(settings: APISettings(port: 0, idleTimeout: .seconds(3600), drainTimeout: .seconds(3600)))
        let answer = try await world.run { api async throws in
            async let idle = RawConnection.exchange(
                port: api.port,
                "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n",
                patience: 30
            )
            while !world.logged.contains(where: { $0.contains("/livez") }) {
                try Task.checkCancellation()
                await Task.yield()
            }
            await api.stop()
            return await idle
        }
        #expect(answer.hasPrefix("HTTP/1.1 200"))
        #expect(!answer.hasSuffix("<open>"))
    }

    @Test func aPortThatIsTakenIsToldByName() async throws {
        try await APIWorld().run { api async throws in
            let second = APIWorld(settings: APISettings(port: api.port))
            let error = await #expect(throws: AntidoteError.self) {
                try await second.service(over: api.store, api.bus) { _ in }.run()
            }
            #expect(error?.code == .configurationInvalid)
            #expect(error?.message.contains("127.0.0.1:\(api.port)") == true)
        }
    }

    @Test func cancellationEndsItToo() async throws {
        let store = InMemoryStateStore(time: .system, random: .system)
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        let service = APIWorld().service(over: store, InProcessBus()) { told.yield($0.port) }
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            _ = await ports.first { _ in true }
            group.cancelAll()
            while await group.nextResult() != nil {}
        }
    }
}
