import HTTPTransport
import Testing

@Suite(.timeLimit(.minutes(1))) struct StreamTests {
    private static let chunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    /// Sends chunks until the client goes away.
    private static func endless() throws -> TestServer {
        try TestServer { connection in
            _ = connection.request()
            connection.send(chunkedHead)
            let piece = [UInt8](repeating: 7, count: 8192)
            while connection.chunk(piece) {}
        }
    }

    @Test func linesComeOneByOneAsTheyAreSent() async throws {
        let (goOn, signal) = AsyncStream<Void>.makeStream()
        let server = try TestServer { connection in
            while let request = connection.request() {
                if request.path == "/next" {
                    connection.answer()
                    signal.yield()
                    continue
                }
                connection.send(Self.chunkedHead)
                connection.chunk(Array("first\nsec".utf8))
                connection.chunk(Array("ond\r\n".utf8))
                connection.chunk(Array("last".utf8))
                connection.send("0\r\n\r\n")
            }
        }
        defer { _ = goOn }
        try await server.withClient { client in
            let lines = try await client.withStream(HTTPRequest(.get, "/")) { head, body in
                #expect(head.status == 200)
                var lines: [String] = []
                for try await line in body.lines() { lines.append(text(line)) }
                return lines
            }
            #expect(lines == ["first", "second", "last"])
            let answer1 = try await client.execute(HTTPRequest(.get, "/next"))
            #expect(answer1.status == 200)
        }
        #expect(server.connections == 1)
    }

    @Test func aLineArrivesBeforeTheNextIsSent() async throws {
        let server = try TestServer { connection in
            guard let request = connection.request() else { return }
            connection.send(Self.chunkedHead)
            connection.chunk(Array("\(request.path)\n".utf8))
            connection.waitForClose()
        }
        try await server.withClient { client in
            let line = try await client.withStream(HTTPRequest(.get, "/events", idleTimeout: .never)) { _, body in
                var lines = body.lines().makeAsyncIterator()
                return try await lines.next()
            }
            #expect(line.map(text) == "/events")
            #expect(await server.clientClosed() != nil)
        }
    }

    @Test func aLongLineIsAnError() async throws {
        let server = try Self.endless()
        try await server.withClient { client in
            let code = await failure {
                try await client.withStream(HTTPRequest(.get, "/")) { _, body in
                    for try await _ in body.lines(limit: 20_000) {}
                }
            }
            #expect(code == .lineTooLong)
        }
        #expect(await server.clientClosed() != nil)
    }

    @Test(arguments: [chunkedHead + "5\r\nhello\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"])
    func aCutStreamGivesWhatCameAndThenAnError(answer: String) async throws {
        let server = try TestServer { connection in
            _ = connection.request()
            connection.send(answer)
        }
        try await server.withClient { client in
            try await client.withStream(HTTPRequest(.get, "/")) { _, body in
                var got: [UInt8] = []
                let code = await failure {
                    for try await chunk in body { got += chunk }
                }
                #expect(code == .connectionLost)
                #expect(text(got) == "hello")
            }
        }
    }

    @Test func aSlowReaderHoldsTheServerBack() async throws {
        let server = try Self.endless()
        try await server.withClient {
            $0.streamBufferBytes = 100_000
            $0.idleTimeout = .milliseconds(100)
        } _: { client in
            let got = try await client.withStream(HTTPRequest(.get, "/")) { _, body in
                var iterator = body.makeAsyncIterator()
                var got = try await iterator.next()?.count ?? 0
                // Reads nothing until the server stands still, which is longer than the idle timeout: a slow reader
                // is no stall.
                try await ContinuousClock().sleep(for: .milliseconds(400))
                got += try await iterator.next()?.count ?? 0
                got += try await iterator.next()?.count ?? 0
                return got
            }
            #expect(got > 0)
        }
        // Twice our buffer, libcurl's, and the socket's two buffers of some 200 KB.
        let sent = try #require(await server.clientClosed())
        #expect(sent < 1_500_000)
    }

    @Test func everyByteOfAPausedStreamArrivesInOrder() async throws {
        let server = try TestServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4000000\r\n\r\n")
            connection.send((0..<4_000_000).map { UInt8(truncatingIfNeeded: $0 % 251) })
        }
        try await server.withClient {
            $0.streamBufferBytes = 10_000
        } _: { client in
            let (count, isRight) = try await client.withStream(HTTPRequest(.get, "/")) { _, body in
                var count = 0
                var isRight = true
                for try await chunk in body {
                    isRight = isRight && chunk.count <= 10_000 + 16384
                    for byte in chunk {
                        isRight = isRight && byte == UInt8(truncatingIfNeeded: count % 251)
                        count += 1
                    }
                }
                return (count, isRight)
            }
            #expect(count == 4_000_000 && isRight)
        }
    }

    @Test func cancellingTheReaderIsSeenByTheServer() async throws {
        let server = try TestServer { connection in
            _ = connection.request()
            connection.send(Self.chunkedHead)
            connection.chunk([1])
            connection.waitForClose()
        }
        let (started, signal) = AsyncStream<Void>.makeStream()
        try await server.withClient { client in
            let reader = Task {
                try await client.withStream(HTTPRequest(.get, "/", idleTimeout: .never)) { _, body in
                    for try await _ in body { signal.yield() }
                }
            }
            for await _ in started { break }
            reader.cancel()
            await #expect(throws: CancellationError.self) { try await reader.value }
            #expect(await server.clientClosed() != nil)
        }
    }

    @Test func leavingTheClosureClosesTheConnectionAndEndsTheLoan() async throws {
        struct Left: Error {}
        let server = try Self.endless()
        try await server.withClient { client in
            let lent = try await client.withStream(HTTPRequest(.get, "/")) { _, body in body }
            #expect(await server.clientClosed() != nil)
            let code = await failure {
                for try await _ in lent {}
            }
            #expect(code == .streamMisuse)
            await #expect(throws: Left.self) {
                try await client.withStream(HTTPRequest(.get, "/")) { _, _ in throw Left() }
            }
            #expect(await server.clientClosed() != nil)
        }
    }

    @Test func aSecondReaderIsRefused() async throws {
        let server = try TestServer { connection in
            _ = connection.request()
            connection.send(Self.chunkedHead)
            connection.waitForClose()
        }
        try await server.withClient { client in
            let request = HTTPRequest(.get, "/", idleTimeout: .never)
            try await client.withStream(request) { _, body in
                await withTaskGroup { group in
                    for _ in 0..<2 {
                        group.addTask { await failure { for try await _ in body {} } }
                    }
                    // The one that came second ends at once, the other waits.
                    #expect(await group.next() == .streamMisuse)
                    client.shutdown()
                    #expect(await group.next() == .shutdown)
                }
            }
        }
    }

    @Test func shutdownEndsAStream() async throws {
        let server = try Self.endless()
        try await server.withClient { client in
            let code = await failure {
                try await client.withStream(HTTPRequest(.get, "/")) { _, body in
                    for try await _ in body { client.shutdown() }
                }
            }
            #expect(code == .shutdown)
        }
    }
}
