@_spi(StoreKit) import AntidoteCore
import HTTPTransport
import Testing

@testable import AntidoteAPI

@Suite("Sessions over HTTP", .timeLimit(.minutes(1)))
struct SessionTests {
    @Test func anOpenedSessionHasATokenThatOnlyItsOwnerKnows() async throws {
        try await APIWorld().run { api async throws in
            let reply = try await api.client.ask(.post, "/v1/sessions")
            #expect(reply.status == 201)
            #expect(reply.headers["Location"] == "/v1/sessions/current")
            #expect(reply.headers["Cache-Control"] == "no-store")
            let token = try #require(reply["token"])
            #expect(token.utf8.count == 43)
            #expect(reply["expiresAt"] != nil)
            let sessions = try await api.store.sessions(limit: 10)
            #expect(sessions.map(\.id.rawValue) == [reply["id"]])
            // What the store knows it by is the digest of the text, and no text.
            let digest = try #require(SessionToken(authorization: "Bearer \(token)")).digest
            #expect(digest.bytes.count == 32)
            #expect(try await api.store.session(withToken: digest)?.id == sessions.first?.id)
            let other = try await api.client.openSession()
            #expect(other != token)
        }
    }

    @Test func aSessionIsReadAndEndedByItsToken() async throws {
        try await APIWorld().run { api async throws in
            let token = try await api.client.openSession()
            let session = try await api.client.ask(.get, "/v1/sessions/current", token: token)
            #expect(session.status == 200)
            #expect(session.json["isPersistent"] == false)
            let lesson = try await api.client.request("yaml", token: token)
            let ended = try await api.client.ask(.delete, "/v1/sessions/current", token: token)
            #expect(ended.status == 204)
            #expect(ended.body.isEmpty)
            #expect(ended.headers["Content-Length"] == nil)
            #expect(try await api.client.ask(.get, "/v1/sessions/current", token: token).status == 401)
            let row = try await api.store.environment(try EnvironmentID(validating: lesson))
            #expect(row?.wanted == .absent)
        }
    }

    @Test(arguments: [
        nil, "", "Bearer", "Bearer ", "Bearer x", "Basic dTpw", "Bearer \(String(repeating: "A", count: 43))",
        "Bearer \(String(repeating: "A", count: 44))", "Bearer \(String(repeating: "é", count: 43))",
    ])
    func whoShowsNoTokenOfASessionIsRefused(authorization: String?) async throws {
        try await APIWorld().run { api async throws in
            for (method, path) in [("GET", "/v1/livelessons"), ("DELETE", "/v1/sessions/current")] {
                let headers = authorization.map { [("Authorization", $0)] } ?? []
                let reply = try await api.client.ask(.init(rawValue: method), path, headers: headers)
                #expect(reply.status == 401)
                #expect(reply["code"] == "unauthenticated")
                #expect(reply.headers["WWW-Authenticate"] == #"Bearer realm="antidote""#)
                #expect(reply.headers["Content-Type"] == "application/problem+json")
            }
        }
    }

    @Test func twoTokensAtOnceAreNone() async throws {
        try await APIWorld().run { api async throws in
            let token = try await api.client.openSession()
            let headers = [("Authorization", "Bearer \(token)"), ("Authorization", "Bearer \(token)")]
            #expect(try await api.client.ask(.get, "/v1/livelessons", headers: headers).status == 401)
        }
    }

    @Test func aTokenInTheAddressIsNoToken() async throws {
        try await APIWorld().run { api async throws in
            let token = try await api.client.openSession()
            let reply = try await api.client.ask(.get, "/v1/livelessons?token=\(token)")
            #expect(reply.status == 401)
            #expect(!reply.text.contains(token))
        }
    }

    @Test func anAddressHasSoManySessions() async throws {
        let world = APIWorld(limits: AdmissionLimits(sessionsPerAddress: 2))
        try await world.run { api async throws in
            for _ in 0..<2 { #expect(try await api.client.ask(.post, "/v1/sessions").status == 201) }
            let forged = [("X-Forwarded-For", "198.51.100.1")]
            for headers in [[], forged] {
                let reply = try await api.client.ask(.post, "/v1/sessions", headers: headers)
                #expect(reply.status == 429)
                #expect(reply["code"] == "limitExceeded")
                #expect(reply.headers["Retry-After"] == "60")
            }
        }
    }

    @Test func aTrustedProxyIsBelieved() async throws {
        let world = APIWorld(
            limits: AdmissionLimits(sessionsPerAddress: 1),
            settings: APISettings(port: 0, trustedProxies: [try AddressBlock(validating: "127.0.0.0/8")])
        )
        try await world.run { api async throws in
            for (address, status) in [
                ("198.51.100.1", 201), ("198.51.100.2", 201), ("198.51.100.1", 429), ("9.9.9.9, 198.51.100.1", 429),
                ("nonsense", 201), ("also nonsense", 429),
            ] {
                let headers = [("X-Forwarded-For", address)]
                #expect(
                    try await api.client.ask(.post, "/v1/sessions", headers: headers).status == status,
                    "\(address)"
                )
            }
        }
    }

    @Test(arguments: [#"{"lifetime":1}"#, #"{"token":"x"}"#])
    func aSessionTakesNoWishes(body: String) async throws {
        try await APIWorld().run { api async throws in
            let reply = try await api.client.ask(.post, "/v1/sessions", body: body)
            #expect(reply.status == 400)
            #expect(reply["code"] == "unknownField")
        }
    }

    @Test func anEmptyObjectIsFine() async throws {
        try await APIWorld(settings: APISettings(port: 0, sessionLifetime: nil)).run { api async throws in
            let reply = try await api.client.ask(.post, "/v1/sessions", body: "{}")
            #expect(reply.status == 201)
            #expect(reply.json["expiresAt"] == nil)
        }
    }

    @Test func aSessionThatIsOverIsNobodys() async throws {
        try await APIWorld(settings: APISettings(port: 0, sessionLifetime: .milliseconds(1))).run { api async throws in
            let token = try await api.client.openSession()
            while try await api.client.ask(.get, "/v1/sessions/current", token: token).status != 401 {
                try Task.checkCancellation()
            }
        }
    }
}
