import AntidoteCore
import Foundation
import NATSEvents
import Testing

@Suite("The end of a bus", .timeLimit(.minutes(1)), .serialized)
struct ShutdownTests {
    @Test func endsEverythingAndIsOver() async throws {
        let server = try await NATSServer.started()
        let bus = try NATSEventBus(.test(server.url()), logger: .silent)
        try await bus.connect()
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        async let heard = bus.withSubscription(to: SubjectPattern("a"), queue: nil) { stream in
            try await bus.publish(message("a", "last"))
            begin.finish()
            var heard: [BusMessage] = []
            for await message in stream { heard.append(message) }
            return heard
        }
        for await _ in begun {}
        #expect(await bus.close())
        // What had come is still read.
        #expect(try await heard == [message("a", "last")])
        _ = try await error(.busUnavailable) { try await bus.publish(message("a")) }
        _ = try await error(.busUnavailable) { try await bus.connect() }
        _ = try await error(.busUnavailable) {
            try await bus.withSubscription(to: SubjectPattern("a"), queue: nil) { _ in }
        }
        #expect(await bus.close())
    }

    @Test func whatWasPublishedBeforeItArrives() async throws {
        let server = try await NATSServer.started()
        try await withBus(.test(server.url())) { listener in
            try await listener.withSubscription(to: SubjectPattern("a"), queue: nil) { stream in
                let bus = try NATSEventBus(.test(server.url()), logger: .silent)
                try await bus.connect()
                let outcomes = await withTaskGroup(of: Bool.self) { group in
                    for number in 1...500 {
                        group.addTask {
                            do {
                                try await bus.publish(message("a", "\(number)"))
                                return true
                            } catch {
                                return false
                            }
                        }
                    }
                    group.addTask {
                        await bus.close()
                        return false
                    }
                    return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                try await listener.publish(message("a", "end"))
                var heard = 0
                for await message in stream {
                    if message.payload == Array("end".utf8) { break }
                    heard += 1
                }
                // What was confirmed has arrived, and what was not was not sent.
                #expect(heard == outcomes)
            }
        }
    }

    /// Buses that come and go, cancelled in the middle, leave neither threads nor descriptors behind.
    @Test func leavesNothingBehind() async throws {
        let server = try await NATSServer.started()
        func openAndClose(_ number: Int) async throws {
            let bus = try NATSEventBus(.test(server.url()), logger: .silent)
            try await bus.connect()
            let task = Task {
                try await bus.withSubscription(to: SubjectPattern("a"), queue: nil) { stream in
                    try await bus.publish(message("a"))
                    for await _ in stream {}
                }
            }
            if number % 3 == 0 { try await bus.publish(message("a")) }
            task.cancel()
            _ = await task.result
            // Some are forgotten.
            if number % 4 != 0 { #expect(await bus.close()) }
        }
        for number in 1...8 { try await openAndClose(number) }
        let before = try Resources.settled(atMost: nil)
        for number in 1...60 { try await openAndClose(number) }
        let after = try Resources.settled(atMost: before)
        #expect(after.descriptors <= before.descriptors + 3, "\(before) \(after)")
        #expect(after.threads <= before.threads + 6, "\(before) \(after)")
    }

    @Test func aBusThatIsForgottenEnds() async throws {
        let server = try await NATSServer.started()
        do {
            let bus = try NATSEventBus(.test(server.url()), logger: .silent)
            try await bus.connect()
        }
        // The server counts who is there.
        let client = try RawClient.loggedIn(port: server.port)
        client.publish("a", headers: [], payload: [])
        try client.flush()
        try Resources.wait { !Resources.isConnected(to: server.port, besides: 1) }
    }
}

/// What this process has open.
struct Resources {
    var descriptors: Int
    var threads: Int

    static func now() throws -> Resources {
        #if os(Linux)
        let files = FileManager.default
        return Resources(
            descriptors: try files.contentsOfDirectory(atPath: "/proc/self/fd").count,
            threads: try files.contentsOfDirectory(atPath: "/proc/self/task").count
        )
        #else
        return Resources(descriptors: (0..<1024).count { fcntl(Int32($0), F_GETFD) >= 0 }, threads: 0)
        #endif
    }

    /// Threads end a moment after what they were for: the least that is seen within a while, or what will do.
    static func settled(atMost enough: Resources?) throws -> Resources {
        var least = try now()
        for _ in 0..<50 {
            let current = try now()
            least.descriptors = min(least.descriptors, current.descriptors)
            least.threads = min(least.threads, current.threads)
            if let enough, least.descriptors <= enough.descriptors, least.threads <= enough.threads { break }
            Thread.sleep(forTimeInterval: 0.05)
        }
        return least
    }

    static func wait(until isTrue: () -> Bool) throws {
        for _ in 0..<100 where !isTrue() { Thread.sleep(forTimeInterval: 0.02) }
        #expect(isTrue())
    }

    static func isConnected(to port: Int, besides own: Int) -> Bool {
        (Int32(3)..<1024).count { RawClient.peerPort(of: $0) == port } > own
    }
}
