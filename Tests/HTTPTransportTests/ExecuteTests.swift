import HTTPTransport
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct ExecuteTests {
    @Test(arguments: [TestServer.Address.unix, .tcp])
    func sendsARequestAndReadsTheAnswer(address: TestServer.Address) async throws {
        let server = try TestServer(address) { connection in
            while let request = connection.request() {
                let shown = request.headers.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ";")
                connection.answer(
                    "201 Created",
                    "\(request.line)|\(shown)|\(text(request.body))",
                    headers: ["X-Seen: Yes"]
                )
            }
        }
        try await server.withClient {
            $0.defaultHeaders = ["X-Default": "1", "X-Other": "1"]
        } _: { client in
            let response = try await client.execute(
                HTTPRequest(
                    .post,
                    "/a/../b?c=d",
                    headers: ["X-Default": "2", "X-Empty": ""],
                    body: .bytes(Array("hello".utf8))
                )
            )
            let host = server.port == 0 ? "localhost" : "127.0.0.1:\(server.port)"
            #expect(response.status == 201)
            #expect(response.headers["x-seen"] == "Yes")
            #expect(
                text(response.body) == "POST /a/../b?c=d HTTP/1.1|accept=*/*;content-length=5;host=\(host);"
                    + "user-agent=antidote;x-default=2;x-empty=;x-other=1|hello"
            )
        }
    }

    @Test(
        arguments: [("GET", nil), ("DELETE", nil), ("POST", "0"), ("PUT", "0"), ("PATCH", "0")]
            as [(HTTPMethod, String?)]
    )
    func methodsWithoutABody(method: HTTPMethod, length: String?) async throws {
        let server = try TestServer { connection in
            guard let request = connection.request() else { return }
            connection.answer("200 OK", "\(request.line.prefix(6)) \(request.headers["content-length"] ?? "none")")
        }
        try await server.withClient { client in
            let response = try await client.execute(HTTPRequest(method, "/"))
            #expect(text(response.body) == "\("\(method) / HTTP/1.1".prefix(6)) \(length ?? "none")")
        }
    }

    @Test func headHasNoBody() async throws {
        let server = try TestServer { connection in
            while connection.request() != nil { connection.send("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n") }
        }
        try await server.withClient { client in
            for _ in 0..<2 {
                let response = try await client.execute(HTTPRequest(.head, "/"))
                #expect(response.headers["content-length"] == "999" && response.body.isEmpty)
            }
        }
        #expect(server.connections == 1)
    }

    @Test func anErrorStatusIsAnAnswerAndRedirectsAreNotFollowed() async throws {
        let server = try TestServer { connection in
            while let request = connection.request() {
                connection.answer(
                    request.path == "/500" ? "500 Oh" : "302 Found",
                    "text",
                    headers: ["Location: /other"]
                )
            }
        }
        try await server.withClient { client in
            let answer1 = try await client.execute(HTTPRequest(.get, "/500"))
            #expect(answer1.status == 500)
            let answer2 = try await client.execute(HTTPRequest(.get, "/302"))
            #expect(answer2.status == 302)
        }
        #expect(server.connections == 1)
    }

    @Test func readsChunksAndInterimAnswers() async throws {
        let server = try TestServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            connection.chunk(Array("one ".utf8))
            connection.chunk(Array("two".utf8))
            connection.send("0\r\nTrailer: x\r\n\r\n")
        }
        try await server.withClient { client in
            let response = try await client.execute(HTTPRequest(.get, "/"))
            #expect(response.status == 200 && text(response.body) == "one two")
            #expect(response.headers["trailer"] == nil)
        }
    }

    @Test func aLargeBodyGoesUpWhole() async throws {
        let server = try TestServer { connection in
            guard let request = connection.request() else { return }
            connection.answer("200 OK", "\(request.body.count) \(request.body.reduce(0) { ($0 &* 31) &+ Int($1) })")
        }
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try await server.withClient { client in
            let response = try await client.execute(HTTPRequest(.put, "/", body: .bytes(bytes)))
            #expect(text(response.body) == "3000000 \(bytes.reduce(0) { ($0 &* 31) &+ Int($1) })")
        }
    }

    @Test func manyRequestsWithSixteenInFlight() async throws {
        let server = try TestServer { connection in
            while let request = connection.request() { connection.answer("200 OK", request.path) }
        }
        try await server.withClient {
            $0.maximumConnections = 16
        } _: { client in
            let right = try await withThrowingTaskGroup { group in
                for number in 0..<300 {
                    group.addTask {
                        text(try await client.execute(HTTPRequest(.get, "/\(number)")).body) == "/\(number)"
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(right == 300)
        }
        #expect((1...16).contains(server.connections))
    }

    @Test func aBodyBeyondTheLimitIsRefused() async throws {
        let server = try TestServer { connection in
            while let request = connection.request() {
                connection.answer("200 OK", String(repeating: "x", count: request.path == "/1000" ? 1000 : 1001))
            }
        }
        try await server.withClient {
            $0.maximumResponseBytes = 1000
        } _: { client in
            let answer3 = try await client.execute(HTTPRequest(.get, "/1000"))
            #expect(answer3.body.count == 1000)
            #expect(await failure { try await client.execute(HTTPRequest(.get, "/1001")) } == .responseTooLarge)
        }
    }

    @Test func aHugeHeadIsRefused() async throws {
        let server = try TestServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\n")
            while connection.send("X-Header: \(String(repeating: "x", count: 1000))\r\n") {}
        }
        try await server.withClient { client in
            #expect(await failure { try await client.execute(HTTPRequest(.get, "/")) } == .responseTooLarge)
        }
        let sent = try #require(await server.clientClosed())
        #expect(sent < 2_000_000)
    }

    @Test(arguments: ["garbage\r\n\r\n", "HTTP/1.1 banana\r\n\r\n"])
    func whatIsNotHTTPIsRefused(answer: String) async throws {
        let server = try TestServer { connection in
            _ = connection.request()
            connection.send(answer)
        }
        try await server.withClient { client in
            #expect(await failure { try await client.execute(HTTPRequest(.get, "/")) } == .protocolViolation)
        }
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345", "HTTP/1.1 200 OK\r\nX: "])
    func aCutAnswerIsAnError(answer: String) async throws {
        let server = try TestServer { connection in
            _ = connection.request()
            connection.send(answer)
        }
        try await server.withClient { client in
            #expect(await failure { try await client.execute(HTTPRequest(.get, "/")) } == .connectionLost)
        }
    }

    @Test func onlyWhatMayBeSentTwiceIsSentTwice() async throws {
        let requests = Mutex<[String]>([])
        // A kept connection that ends just as the next request comes.
        let server = try TestServer { connection in
            for turn in 0..<2 {
                guard let request = connection.request() else { return }
                requests.withLock { $0.append(request.path) }
                if turn == 0 { connection.answer() }
            }
        }
        try await server.withClient { client in
            let answer4 = try await client.execute(HTTPRequest(.get, "/"))
            #expect(answer4.status == 200)
            let answer5 = try await client.execute(HTTPRequest(.get, "/again"))
            #expect(answer5.status == 200)
            #expect(await failure { try await client.execute(HTTPRequest(.post, "/post")) } == .connectionLost)
        }
        #expect(requests.withLock { $0 } == ["/", "/again", "/again", "/post"])
    }

    @Test func rejectsWhatCannotBeSent() async throws {
        let server = try TestServer { _ in }
        try await server.withClient { client in
            let request = HTTPRequest(.get, "/a\r\nX: y")
            #expect(await failure { try await client.execute(request) } == .invalidRequest)
        }
        #expect(server.connections == 0)
    }
}
