@_spi(StoreKit) import AntidoteCore
import PostgresState
import Testing

@Suite struct SessionTests {
    private func request(
        _ number: UInt8,
        address: String? = nil,
        lifetime: Duration? = .seconds(3600)
    ) -> SessionRequest {
        SessionRequest(
            tokenDigest: TokenDigest(bytes: [UInt8](repeating: number, count: 32)),
            lifetime: lifetime,
            address: address,
            identity: number % 2 == 0 ? OutsideIdentity(provider: "lms", subject: "\(number)") : nil
        )
    }

    private func admission(_ session: LiveSession, _ lesson: String = "intro") -> AdmissionRequest {
        var request = Sample.request(session.id.rawValue, lesson, idle: .seconds(60))
        request.requiresSession = true
        return request
    }

    @Test func aSessionIsFoundByItsTokenAndItsID() async throws {
        try await withStore { store, _ in
            let session = try await store.openSession(request(2))
            #expect(session.identity == OutsideIdentity(provider: "lms", subject: "2"))
            #expect(session.endsAt == session.createdAt + .seconds(3600))
            #expect(try await store.session(withToken: request(2).tokenDigest) == session)
            #expect(try await store.session(withToken: request(3).tokenDigest) == nil)
            #expect(try await store.session(session.id) == session)
            #expect(try await store.session(OwnerID(unchecked: "nobody")) == nil)
            let other = try await store.openSession(request(3, lifetime: nil))
            #expect(other.endsAt == nil)
            #expect(try await store.sessions(limit: 10) == [session, other])
            #expect(try await store.sessions(limit: 1) == [session])
        }
    }

    @Test func whatASessionHasEndsWithIt() async throws {
        try await withStore { store, _ in
            let session = try await store.openSession(request(1))
            let row = try await store.admit(admission(session)).environment
            #expect(row.desired.sessionEndsAt == session.endsAt)
            try await store.endSession(session.id)
            try await store.endSession(session.id)
            #expect(try await store.environment(row.id)?.phase == .deleting)
            #expect(try await store.session(withToken: request(1).tokenDigest) == nil)
            #expect(try await store.session(session.id)?.isLive(at: Timestamp(microseconds: .max)) == false)
            #expect(await storeFailure { try await store.admit(admission(session)) }?.code == .sessionEnded)
            let persist = await storeFailure { try await store.setPersistent(true, session: session.id) }
            #expect(persist?.code == .notFound)
            #expect(try await store.sessions(limit: 10).isEmpty)
        }
    }

    @Test func aPersistentSessionKeepsWhatItHas() async throws {
        try await withStore { store, _ in
            let session = try await store.openSession(request(1))
            let row = try await store.admit(admission(session)).environment
            let persistent = try await store.setPersistent(true, session: session.id)
            #expect(persistent.isPersistent)
            #expect(try await store.environment(row.id)?.desired.isPersistent == true)
            #expect(try await store.environment(row.id)?.expiresAt == nil)
            #expect(try await store.admit(admission(session, "other")).environment.desired.isPersistent)
            #expect(try await store.nextDue(for: .collector, on: [Sample.backend]) == nil)
            _ = try await store.setPersistent(false, session: session.id)
            #expect(try await store.environment(row.id)?.expiresAt != nil)
            #expect(try await store.nextDue(for: .collector, on: [Sample.backend]) != nil)
        }
    }

    @Test func addressesHaveLimits() async throws {
        let limits = AdmissionLimits(perAddress: 5, sessionsPerAddress: 4)
        try await withStore(limits: limits) { store, _ in
            let sessions = try await withThrowingTaskGroup(of: LiveSession?.self) { group in
                for number in UInt8(0)..<12 {
                    group.addTask {
                        do {
                            return try await store.openSession(request(number, address: "192.0.2.1"))
                        } catch let error as AntidoteError where error.code == .limitExceeded {
                            return nil
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += [$1].compactMap(\.self) }
            }
            #expect(sessions.count == 4)
            let elsewhere = try await store.openSession(request(100, address: "192.0.2.2"))
            let admitted = try await withThrowingTaskGroup(of: Int.self) { group in
                for session in sessions {
                    for lesson in 0..<5 {
                        group.addTask {
                            do {
                                _ = try await store.admit(admission(session, "lesson-\(lesson)"))
                                return 1
                            } catch let error as AntidoteError where error.code == .limitExceeded {
                                return 0
                            }
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(admitted == 5)
            #expect(try await store.admit(admission(elsewhere)).isNew)
        }
    }

    @Test func aSessionThatEndsWhileItAsksLeavesNothing() async throws {
        try await withStore { store, _ in
            for round in UInt8(0)..<10 {
                let session = try await store.openSession(request(round))
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try? await store.admit(admission(session)) }
                    group.addTask { try? await store.endSession(session.id) }
                }
                let left = try await store.environments(matching: EnvironmentFilter(owner: session.id))
                #expect(left.allSatisfy { $0.phase == .deleting })
            }
        }
    }

    @Test func whatIsOverIsForgotten() async throws {
        try await withStore { store, configuration in
            let over = try await store.openSession(request(1, lifetime: .microseconds(1)))
            let live = try await store.openSession(request(2))
            let row = try await store.admit(admission(live)).environment
            try await store.remove(row.id)
            let claim = try #require(try await store.claim(Sample.claim(.collector)).first)
            _ = try await store.commit([
                Commit(environment: row.id, fence: claim.lease.fence, changes: [.close], releases: true)
            ])
            #expect(try await store.environment(row.id)?.phase == .closed)
            #expect(try await store.forget(olderThan: .seconds(3600), limit: 10) == 0)
            var forgotten = 0
            try await until("all is forgotten") {
                forgotten += try await store.forget(olderThan: .zero, limit: 10)
                return forgotten == 2
            }
            #expect(try await store.environment(row.id) == nil)
            #expect(try await store.events(of: row.id, after: 0).isEmpty)
            #expect(try await store.session(over.id) == nil)
            #expect(try await store.session(live.id) != nil)
        }
    }
}
