import HTTPTransport
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct UploadTests {
    private static func echo() throws -> TestServer {
        try TestServer { connection in
            while let request = connection.request() {
                let framing = request.headers["content-length"] ?? request.headers["transfer-encoding"] ?? "none"
                connection.answer("200 OK", "\(framing) \(request.body.count) \(request.body.first ?? 0)")
            }
        }
    }

    @Test(arguments: [(Int64(2_000_000), "2000000"), (nil, "chunked")] as [(Int64?, String)])
    func aStreamGoesUp(length: Int64?, framing: String) async throws {
        let server = try Self.echo()
        try await server.withClient { client in
            let body = HTTPRequest.Body.stream(length: length) { writer in
                for _ in 0..<200 { try await writer.write([UInt8](repeating: 9, count: 10_000)) }
            }
            let response = try await client.execute(HTTPRequest(.put, "/", body: body))
            #expect(text(response.body) == "\(framing) 2000000 9")
            let empty = HTTPRequest.Body.stream(length: nil) { _ in }
            let second = try await client.execute(HTTPRequest(.post, "/", body: empty))
            #expect(text(second.body) == "chunked 0 0")
        }
    }

    @Test(arguments: [3, 5] as [Int64])
    func theLengthMustBeTheAnnouncedOne(length: Int64) async throws {
        let server = try Self.echo()
        try await server.withClient { client in
            let body = HTTPRequest.Body.stream(length: length) { writer in
                try await writer.write([1, 2])
                try await writer.write([3, 4])
            }
            #expect(await failure { try await client.execute(HTTPRequest(.put, "/", body: body)) } == .invalidRequest)
        }
    }

    @Test func theProducersErrorEndsTheRequest() async throws {
        struct Broken: Error {}
        let server = try TestServer { connection in
            _ = connection.request()
            connection.waitForClose()
        }
        try await server.withClient { client in
            let body = HTTPRequest.Body.stream(length: 1000) { writer in
                try await writer.write([1, 2, 3])
                // Who never had a connection does not see it closed.
                #expect(await server.first { $0 == .accepted ? true : nil } == true)
                throw Broken()
            }
            await #expect(throws: Broken.self) { try await client.execute(HTTPRequest(.put, "/", body: body)) }
        }
        #expect(await server.clientClosed() == 0)
    }

    @Test func theProducerWaitsForASlowServer() async throws {
        let server = try TestServer { connection in
            connection.waitForQuiet()
        }
        let written = Mutex(0)
        try await server.withClient { client in
            let body = HTTPRequest.Body.stream(length: nil) { writer in
                while true {
                    try await writer.write([UInt8](repeating: 1, count: 50_000))
                    written.withLock { $0 += 50_000 }
                }
            }
            let request = HTTPRequest(.put, "/", body: body, idleTimeout: .after(.milliseconds(300)))
            #expect(await failure { try await client.execute(request) } == .stalled)
        }
        #expect(written.withLock { $0 } < 1_500_000)
    }

    @Test func anEarlyAnswerEndsTheProducer() async throws {
        let server = try TestServer { connection in
            connection.answer("413 Too Large", "no", headers: ["Connection: close"])
            connection.waitForClose()
        }
        try await server.withClient { client in
            let body = HTTPRequest.Body.stream(length: nil) { writer in
                while true { try await writer.write([UInt8](repeating: 1, count: 10_000)) }
            }
            let response = try await client.execute(HTTPRequest(.put, "/", body: body))
            #expect(response.status == 413 && text(response.body) == "no")
        }
    }

    @Test func cancellingEndsTheProducer() async throws {
        let server = try TestServer { connection in
            connection.waitForClose()
        }
        let (started, signal) = AsyncStream<Void>.makeStream()
        try await server.withClient { client in
            let call = Task {
                let body = HTTPRequest.Body.stream(length: nil) { writer in
                    while true {
                        try await writer.write([1])
                        signal.yield()
                    }
                }
                return try await client.execute(HTTPRequest(.put, "/", body: body))
            }
            for await _ in started { break }
            // The first write is taken before there is a connection.
            #expect(await server.first { $0 == .accepted ? true : nil } == true)
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            #expect(await server.clientClosed() == 0)
        }
    }
}
