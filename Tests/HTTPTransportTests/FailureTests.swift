import Foundation
import HTTPTransport
import Synchronization
import Testing

/// Servers that are not there, silent, or gone; calls that are cancelled; clients that are shut down.
@Suite(.timeLimit(.minutes(1))) struct FailureTests {
    private func code(_ base: HTTPClientConfiguration.Base) async throws -> HTTPTransportError.Code? {
        let client = try HTTPClient(configuration: HTTPClientConfiguration(base: base))
        return await failure { try await client.execute(HTTPRequest(.get, "/")) }
    }

    @Test func nobodyListens() async throws {
        let tcp = try TestServer(.tcp) { _ in }
        tcp.stop()
        #expect(try await code(.tcp(host: "127.0.0.1", port: tcp.port)) == .cannotConnect)
        let unix = try TestServer { _ in }
        unix.stop()
        #expect(try await code(.unixSocket(path: unix.socketPath)) == .cannotConnect)
        #expect(try await code(.tcp(host: "does-not-exist.invalid", port: 80)) == .cannotConnect)
    }

    /// The request went out once, and libcurl found nobody to send it to again: it may have been done.
    @Test func aServerThatEndsWithTheRequestIsNoServerThatIsNotThere() async throws {
        let end = Mutex<(@Sendable () -> Void)?>(nil)
        let server = try TestServer(.tcp) { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 204 No Content\r\n\r\n")
            _ = connection.request()
            end.withLock { $0 }?()
        }
        end.withLock { $0 = { server.stop() } }
        try await server.withClient { client in
            _ = try await client.execute(HTTPRequest(.delete, "/first"))
            #expect(await failure { try await client.execute(HTTPRequest(.delete, "/second")) } == .connectionLost)
        }
    }

    @Test func noSocket() async throws {
        #expect(try await code(.unixSocket(path: TestFolder.make() + "/absent")) == .socketMissing)
        #expect(try await code(.unixSocket(path: "/etc/passwd/absent")) == .socketMissing)
    }

    @Test func aSilentServerStalls() async throws {
        let server = try TestServer { connection in
            _ = connection.request()
            connection.waitForClose()
        }
        try await server.withClient { client in
            let request = HTTPRequest(.get, "/", idleTimeout: .after(.milliseconds(100)))
            #expect(await failure { try await client.execute(request) } == .stalled)
        }
        #expect(await server.clientClosed() == 0)
    }

    @Test func theDeadlineHoldsForAServerThatSendsAllTheTime() async throws {
        let server = try TestServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while connection.chunk([1]) {}
        }
        try await server.withClient { client in
            let request = HTTPRequest(.get, "/", deadline: .milliseconds(100))
            #expect(await failure { try await client.execute(request) } == .timedOut)
        }
        #expect(await server.clientClosed() != nil)
    }

    @Test func theDeadlineHoldsWhileWaitingForAConnection() async throws {
        let server = try TestServer { connection in
            _ = connection.request()
            connection.waitForClose()
        }
        try await server.withClient {
            $0.maximumConnections = 1
        } _: { client in
            async let first = failure { try await client.execute(HTTPRequest(.get, "/first")) }
            _ = await server.first { $0 == .request("GET /first HTTP/1.1") ? true : nil }
            let second = HTTPRequest(.get, "/second", deadline: .milliseconds(50))
            #expect(await failure { try await client.execute(second) } == .timedOut)
            client.shutdown()
            #expect(await first == .shutdown)
        }
        #expect(server.connections == 1)
    }

    @Test func aConnectTimeoutDoesNotCountWhileWaitingForAConnection() async throws {
        let server = try TestServer { connection in
            guard connection.request() != nil else { return }
            usleep(300_000)  // longer than the connect timeout: what the test is about
            connection.answer()
        }
        try await server.withClient {
            $0.maximumConnections = 1
            $0.connectTimeout = .milliseconds(100)
        } _: { client in
            async let first = client.execute(HTTPRequest(.get, "/1")).status
            async let second = client.execute(HTTPRequest(.get, "/2")).status
            let statuses = try await [first, second]
            #expect(statuses == [200, 200])
        }
    }

    @Test func cancellingClosesTheConnection() async throws {
        let server = try TestServer { connection in
            _ = connection.request()
            connection.waitForClose()
        }
        try await server.withClient { client in
            let call = Task { try await client.execute(HTTPRequest(.get, "/", idleTimeout: .never)) }
            _ = await server.first { if case .request = $0 { true } else { nil } }
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            #expect(await server.clientClosed() == 0)
        }
    }

    @Test func aCancelledTaskSendsNothing() async throws {
        let server = try TestServer { _ in }
        try await server.withClient { client in
            let call = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await client.execute(HTTPRequest(.get, "/"))
            }
            await #expect(throws: CancellationError.self) { try await call.value }
        }
        #expect(server.connections == 0)
    }

    @Test func shutdownEndsEveryCallInFlight() async throws {
        let server = try TestServer { connection in
            _ = connection.request()
            connection.waitForClose()
        }
        try await server.withClient {
            $0.maximumConnections = 4
        } _: { client in
            let codes = await withTaskGroup { group in
                for _ in 0..<10 {
                    group.addTask { await failure { try await client.execute(HTTPRequest(.get, "/")) } }
                }
                for _ in 0..<4 { _ = await server.first { if case .request = $0 { true } else { nil } } }
                client.shutdown()
                client.shutdown()
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes == Array(repeating: .shutdown, count: 10))
            #expect(await failure { try await client.execute(HTTPRequest(.get, "/")) } == .shutdown)
        }
        for _ in 0..<4 { #expect(await server.clientClosed() == 0) }
    }

    @Test(arguments: 0..<20)
    func shutdownAndCallsAtOnce(round: Int) async throws {
        let server = try TestServer { connection in
            while connection.request() != nil { connection.answer() }
        }
        try await server.withClient { client in
            await withTaskGroup { group in
                for number in 0..<40 {
                    group.addTask {
                        if number == round * 2 { client.shutdown() }
                        do {
                            let status = try await client.execute(HTTPRequest(.get, "/")).status
                            #expect(status == 200)
                        } catch {
                            #expect((error as? HTTPTransportError)?.code == .shutdown)
                        }
                    }
                }
            }
        }
    }

    @Test func lettingGoOfTheClientClosesItsConnections() async throws {
        let server = try TestServer { connection in
            while connection.request() != nil { connection.answer() }
            connection.waitForClose()
        }
        defer { server.stop() }
        do {
            let configuration = HTTPClientConfiguration(base: .unixSocket(path: server.socketPath))
            let client = try HTTPClient(configuration: configuration)
            let answer1 = try await client.execute(HTTPRequest(.get, "/"))
            #expect(answer1.status == 200)
        }
        #expect(await server.clientClosed() != nil)
    }
}
