import AntidoteCore
import HTTPTransport
import Testing

@testable import AntidoteAPI

@Suite("What no client would send", .timeLimit(.minutes(1)))
struct HostileTests {
    private static let request = "GET /v1/lessons HTTP/1.1\r\nHost: x\r\n\r\n"

    @Test(arguments: [
        "nonsense\r\n\r\n", "GET\r\n\r\n", "GET /\u{1}lessons HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /livez HTTP/9.9\r\nHost: x\r\n\r\n", "GET /livez HTTP/1.1\r\nNo colon\r\n\r\n",
        "GET /livez HTTP/1.1\r\nA b: c\r\n\r\n", "GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST /v1/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}",
        "GET livez HTTP/1.1\r\nHost: x\r\n\r\n", "GET /livez HTTP/1.1\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    ])
    func whatIsNoRequestIsAnsweredWithAProblemAndTheConnectionClosed(text: String) async throws {
        try await APIWorld(settings: APISettings(port: 0, readTimeout: .seconds(2), idleTimeout: .seconds(2))).run {
            api async throws in
            let answer = await RawConnection.exchange(port: api.port, text)
            #expect(answer.hasPrefix("HTTP/1.1 4"), "\(answer)")
            #expect(answer.contains("application/problem+json"))
            #expect(answer.contains(#""requestId":"#))
            #expect(!answer.hasSuffix("<open>"))
            #expect(try await api.client.ask(.get, "/livez").status == 200)
        }
    }

    @Test func aHeadThatIsTooLargeIsRefused() async throws {
        try await APIWorld().run { api async throws in
            let heads = [
                "X: \(String(repeating: "a", count: 100_000))\r\n",
                (0..<5000).map { "X-\($0): y\r\n" }.joined(),
                "\(String(repeating: "N", count: 50_000)): y\r\n",
            ]
            for head in heads {
                let answer = await RawConnection.exchange(
                    port: api.port,
                    "GET /livez HTTP/1.1\r\nHost: x\r\n\(head)\r\n"
                )
                #expect(answer.hasPrefix("HTTP/1.1 431 Request Header Fields Too Large\r\n"), "\(answer.prefix(200))")
                #expect(answer.contains(#""code":"headTooLarge""#))
            }
            let path = String(repeating: "a", count: 100_000)
            let answer = await RawConnection.exchange(port: api.port, "GET /\(path) HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 4"), "\(answer.prefix(200))")
        }
    }

    @Test func aClientOfLongAgoIsAnsweredAndTheConnectionClosed() async throws {
        try await APIWorld(settings: APISettings(port: 0, idleTimeout: .seconds(3600))).run { api async throws in
            for head in ["", "Host: x\r\n", "Connection: keep-alive\r\n"] {
                let answer = await RawConnection.exchange(port: api.port, "GET /livez HTTP/1.0\r\n\(head)\r\n")
                #expect(answer.matches(of: #/HTTP/1\.[01] 200/#).count == 1, "\(answer)")
                #expect(!answer.hasSuffix("<open>"))
            }
        }
    }

    @Test func requestsInARowAreAnsweredInOrder() async throws {
        try await APIWorld().run { api async throws in
            let text =
                HostileTests.request + "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"
                + "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            let answer = await RawConnection.exchange(port: api.port, text)
            #expect(answer.matches(of: #/HTTP/1\.1 (\d+)/#).map { String($0.1) } == ["200", "404", "200"])
        }
    }

    @Test func whatComesBeforeNonsenseIsAnswered() async throws {
        try await APIWorld().run { api async throws in
            let answer = await RawConnection.exchange(port: api.port, HostileTests.request + "nonsense\r\n\r\n")
            #expect(answer.matches(of: #/HTTP/1\.1 (\d+)/#).map { String($0.1) } == ["200", "400"], "\(answer)")
        }
    }

    @Test func aThousandRequestsInARowDoNoHarm() async throws {
        try await APIWorld().run { api async throws in
            let text =
                String(repeating: "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n", count: 1000)
                + "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            let answer = await RawConnection.exchange(port: api.port, text)
            #expect(answer.matches(of: #/HTTP/1\.1 200/#).count == 1001)
        }
    }

    @Test func aRequestIsNoTwoRequests() async throws {
        try await APIWorld().run { api async throws in
            // Both ways to say where the body ends: whoever believes the other one sees a second request.
            let text =
                "POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "0\r\n\r\nGET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
            let answer = await RawConnection.exchange(port: api.port, text)
            #expect(answer.hasPrefix("HTTP/1.1 400"), "\(answer)")
            #expect(answer.matches(of: #/HTTP/1\.1 \d/#).count == 1, "\(answer)")
        }
    }

    @Test func textsThatAreNoneDoNoHarm() async throws {
        try await APIWorld().run { api async throws in
            let token = try await api.client.openSession()
            let head =
                "POST /v1/livelessons HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n"
                + "Content-Type: application/json\r\nConnection: close\r\n"
            let bad: [[UInt8]] = [
                [0xFF, 0xFE], [0xC0, 0xAF], [0x22, 0xED, 0xA0, 0x80, 0x22], Array(repeating: 0, count: 100),
                Array(#"{"lesson":""#.utf8) + [0xE2, 0x28, 0xA1] + Array(#""}"#.utf8),
            ]
            for body in bad {
                let bytes = Array("\(head)Content-Length: \(body.count)\r\n\r\n".utf8) + body
                let answer = await RawConnection.exchange(port: api.port, [bytes])
                #expect(answer.hasPrefix("HTTP/1.1 400"), "\(answer)")
                #expect(answer.contains(#""code":"malformedBody""#))
            }
            let path =
                Array("GET /v1/lessons/".utf8) + [0xFF, 0xC3, 0x28]
                + Array(" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8)
            #expect(await RawConnection.exchange(port: api.port, [path]).hasPrefix("HTTP/1.1 4"))
        }
    }

    @Test func nothingThatIsSentBecomesAHeader() async throws {
        try await APIWorld().run { api async throws in
            let evil = "yaml%0d%0aSet-Cookie:%20a=b"
            let answer = await RawConnection.exchange(
                port: api.port,
                "GET /v1/lessons/\(evil) HTTP/1.1\r\nHost: x\r\ntraceparent: a\r\nConnection: close\r\n\r\n"
            )
            #expect(answer.hasPrefix("HTTP/1.1 404"))
            let head = answer.prefix(upTo: answer.firstRange(of: "\r\n\r\n")?.lowerBound ?? answer.endIndex)
            #expect(!head.contains("Set-Cookie"))
            // Nor what is told of it a second line.
            #expect(!answer.suffix(from: head.endIndex).dropFirst(4).contains("\r"))
        }
    }

    @Test func aBodyThatDoesNotArriveIsWaitedForSoLong() async throws {
        let settings = APISettings(port: 0, readTimeout: .milliseconds(300), idleTimeout: .seconds(60))
        try await APIWorld(settings: settings).run { api async throws in
            let head = Array(
                "POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
                    .utf8
            )
            let drops = Array(repeating: [UInt8(ascii: " ")], count: 20)
            let answer = await RawConnection.exchange(port: api.port, [head] + drops, pause: .milliseconds(50))
            #expect(answer.hasPrefix("HTTP/1.1 408"), "\(answer)")
            #expect(answer.contains(#""code":"requestTooSlow""#))
            #expect(!answer.hasSuffix("<open>"))
        }
    }

    @Test func aHeadThatDoesNotArriveEndsTheConnection() async throws {
        try await APIWorld(settings: APISettings(port: 0, idleTimeout: .milliseconds(300))).run { api async throws in
            let drops = Array("GET /livez HTTP/1.1\r\nHost: ".utf8).map { [$0] }
            let answer = await RawConnection.exchange(port: api.port, drops, pause: .milliseconds(30))
            #expect(answer.isEmpty)
            let silent = await RawConnection.exchange(port: api.port, [])
            #expect(silent.isEmpty)
        }
    }

    @Test func aBodyThatNobodyWantsIsNotReadToItsEnd() async throws {
        try await APIWorld().run { api async throws in
            let head =
                "POST /v1/livelessons HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: 1000000000\r\n\r\n"
            let answer = await RawConnection.exchange(
                port: api.port,
                [Array(head.utf8), Array(repeating: 0x20, count: 1 << 20)]
            )
            #expect(answer.hasPrefix("HTTP/1.1 401"), "\(answer)")
            #expect(answer.lowercased().contains("connection: close"))
            #expect(!answer.hasSuffix("<open>"))
        }
    }

    @Test func whoDoesNotReadIsNotWrittenToForEver() async throws {
        try await APIWorld(settings: APISettings(port: 0, writeTimeout: .milliseconds(300))).run { api async throws in
            let request = "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
            // More than all buffers on the way hold is sent, and nothing is read: in the end the server closes.
            let piece = Array(String(repeating: request, count: 50_000).utf8)
            let answer = await RawConnection.exchange(port: api.port, Array(repeating: piece, count: 20))
            #expect(!answer.hasSuffix("<open>"))
            #expect(answer != "<stuck>")
            #expect(try await api.client.ask(.get, "/livez").status == 200)
        }
    }

    @Test func whoWaitsToBeToldToGoOnIsTold() async throws {
        try await APIWorld().run { api async throws in
            let head =
                "POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Expect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n"
            let pieces = [Array(head.utf8), Array("{}".utf8)]
            let answer = await RawConnection.exchange(port: api.port, pieces, isTold: true)
            #expect(answer.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\n"), "\(answer)")
        }
    }

    @Test func brokenRequestsOfEveryKindDoNoHarm() async throws {
        try await APIWorld(
            settings: APISettings(port: 0, readTimeout: .milliseconds(200), idleTimeout: .milliseconds(200))
        )
        .run { api async throws in
            let token = try await api.client.openSession()
            let body = #"{"lesson":"yaml","stage":0}"#
            let whole = Array(
                ("POST /v1/livelessons HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n"
                    + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8
            )
            var random = SeededGenerator(seed: 7)
            let broken = (0..<200).map { _ in mutate(whole, using: &random) }
            let answers = await withTaskGroup(of: String.self) { group in
                for bytes in broken { group.addTask { await RawConnection.exchange(port: api.port, [bytes]) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            for answer in answers {
                #expect(answer.isEmpty || answer.hasPrefix("HTTP/1."), "\(answer)")
                #expect(!answer.contains("HTTP/1.1 5"), "\(answer)")
                #expect(!answer.hasSuffix("<open>"))
            }
            #expect(try await api.client.ask(.get, "/livez").status == 200)
        }
    }

    private func mutate(_ whole: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
        var bytes = whole
        for _ in 0...Int.random(in: 0..<4, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: place)
            default: bytes.insert(contentsOf: bytes.prefix(place).suffix(20), at: place)
            }
        }
        return bytes
    }

    /// The same numbers for the same seed.
    private struct SeededGenerator: RandomNumberGenerator {
        let source: RandomSource
        init(seed: UInt64) { source = .seeded(seed) }
        mutating func next() -> UInt64 { source.next() }
    }

    @Test func moreConnectionsThanItBearsWaitForTheirTurn() async throws {
        let settings = APISettings(port: 0, idleTimeout: .milliseconds(500), maximumConnections: 4)
        try await APIWorld(settings: settings).run { api async throws in
            let answers = await withTaskGroup(of: String.self) { group in
                for _ in 0..<16 {
                    group.addTask { await RawConnection.exchange(port: api.port, HostileTests.request) }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.hasPrefix("HTTP/1.1 200") })
        }
    }
}
