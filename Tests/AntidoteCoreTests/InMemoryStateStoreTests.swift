import Testing

@_spi(StoreKit) @testable import AntidoteCore

@Suite("The in-memory store")
struct InMemoryStateStoreTests {
    @Test func theSameOwnerAndSourceGetTheSameEnvironment() async throws {
        let world = StoreWorld()
        let first = try await world.store.admit(world.request("a"))
        let second = try await world.store.admit(world.request("a"))
        #expect(first.isNew && !second.isNew)
        #expect(first.environment.id == second.environment.id)
        #expect(second.events.isEmpty)
        #expect(try await world.admit("b").id != first.environment.id)
        #expect(try await world.admit("a", "y").id != first.environment.id)
    }

    @Test func parallelIdenticalRequestsMakeOneEnvironment() async throws {
        let world = StoreWorld()
        let ids = try await withThrowingTaskGroup(of: EnvironmentID.self) { group in
            for _ in 0..<50 { group.addTask { try await world.admit("a").id } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
    }

    @Test func removedAndFailedOnesAreNotShared() async throws {
        let world = StoreWorld()
        let first = try await world.admit("a")
        try await world.store.remove(first.id)
        let second = try await world.admit("a")
        #expect(second.id != first.id)
        let claim = try #require(try await world.claim().first)
        _ = try await world.commit(
            claim,
            [.fail(AntidoteError(.jobFailed, "x"), generation: 1, keptFor: .seconds(60))],
            releases: true
        )
        #expect(try await world.admit("a").id != second.id)
    }

    @Test func theOwnersLimitCountsOnlyWhatIsShared() async throws {
        let world = StoreWorld(AdmissionLimits(perOwner: 2))
        let first = try await world.admit("a", "1")
        try await world.admit("a", "2")
        let error = await #expect(throws: AntidoteError.self) { try await world.admit("a", "3") }
        #expect(error?.code == .limitExceeded)
        try await world.store.remove(first.id)
        try await world.admit("a", "3")
        try await world.admit("b", "1")
    }

    @Test func theQueueIsBoundedAndShrinks() async throws {
        let world = StoreWorld(AdmissionLimits(queueLength: 2))
        try await world.admit("a")
        let second = try await world.admit("b")
        let error = await #expect(throws: AntidoteError.self) { try await world.admit("c") }
        #expect(error?.code == .queueFull)
        try await world.store.remove(second.id)
        try await world.admit("c")
    }

    @Test func limitsHoldUnderConcurrency() async throws {
        let world = StoreWorld(AdmissionLimits(perOwner: 3))
        let admitted = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<40 { group.addTask { (try? await world.admit("a", "\(index)")) != nil } }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(admitted == 3)
    }

    @Test(arguments: [
        AdmissionLimits(perInstance: 2), AdmissionLimits(perBackend: 2), AdmissionLimits(perSource: 2),
    ])
    func capacityIsGrantedInTheOrderOfTickets(limits: AdmissionLimits) async throws {
        let world = StoreWorld(limits)
        var tickets: [Int64] = []
        for owner in ["a", "b", "c", "d"] { tickets.append(try await world.admit(owner).ticket) }
        let claims = try await world.claim()
        #expect(claims.map(\.environment.ticket) == Array(tickets[0..<2]))
        #expect(try await world.claim(worker: "v").isEmpty)
        #expect(claims.allSatisfy { $0.environment.phase == .initialized })
    }

    @Test func aFullSourceLetsOthersPass() async throws {
        let world = StoreWorld(AdmissionLimits(perSource: 1))
        try await world.admit("a", "x")
        try await world.admit("b", "x")
        try await world.admit("c", "y")
        #expect(try await world.claim().map(\.environment.source.name) == ["x", "y"])
    }

    @Test func aFullBackendLetsOthersPass() async throws {
        let world = StoreWorld(AdmissionLimits(perBackend: 1))
        try await world.admit("a", backend: "one")
        try await world.admit("b", backend: "one")
        try await world.admit("c", backend: "two")
        let claims = try await world.claim(backends: ["one", "two"])
        #expect(claims.map(\.environment.owner.rawValue) == ["a", "c"])
        #expect(try await world.claim(backends: ["three"]).isEmpty)
    }

    @Test func roomComesBackOnlyWhenTheInfrastructureIsGone() async throws {
        let world = StoreWorld(AdmissionLimits(perInstance: 1))
        let first = try await world.admit("a")
        try await world.admit("b")
        let claim = try #require(try await world.claim().first)
        _ = try await world.commit(claim, world.ready(first), releases: true)
        try await world.store.remove(first.id)
        #expect(try await world.claim().isEmpty)
        let removal = try #require(try await world.claim(.collector).first)
        _ = try await world.commit(removal, [.abandon])
        #expect(try await world.claim().isEmpty)
        _ = try await world.commit(removal, [.destroyed(through: 1), .close], releases: true)
        #expect(try await world.claim().map(\.environment.owner.rawValue) == ["b"])
    }

    @Test func aLongQueueIsGrantedInOrderWithRemovalsInBetween() async throws {
        let world = StoreWorld()
        var ids: [EnvironmentID] = []
        for index in 0..<300 { ids.append(try await world.admit("o\(index)", "s\(index % 3)").id) }
        for index in stride(from: 0, to: 300, by: 2) { try await world.store.remove(ids[index]) }
        var granted: [EnvironmentID] = []
        while case let claims = try await world.claim(limit: 7), !claims.isEmpty {
            granted += claims.map(\.environment.id)
        }
        #expect(granted == stride(from: 1, to: 300, by: 2).map { ids[$0] })
    }

    @Test func eventsAreNumberedWithoutGaps() async throws {
        let world = StoreWorld()
        let row = try await world.admit("a")
        let claim = try #require(try await world.claim().first)
        _ = try await world.commit(claim, world.ready(row))
        let change = try await world.store.change(row.id, toRevision: 2)
        #expect(change.events.map(\.kind) == [.revisionChanged])
        #expect(try await world.store.change(row.id, toRevision: 2).events.isEmpty)
        let events = try await world.store.events(of: row.id, after: 0)
        #expect(events.map(\.sequence) == [1, 2, 3])
        #expect(events.map(\.kind) == [.admitted, .ready, .revisionChanged])
        #expect(try await world.store.events(of: row.id, after: 2).map(\.sequence) == [3])
    }

    @Test func theOutboxKeepsWhatWasNotPublished() async throws {
        let world = StoreWorld()
        for owner in ["a", "b", "c"] { try await world.admit(owner) }
        let all = try await world.store.unpublishedEvents(limit: 10)
        #expect(all.count == 3)
        try await world.store.markPublished([all[1]])
        try await world.store.markPublished([all[1]])
        #expect(try await world.store.unpublishedEvents(limit: 10) == [all[0], all[2]])
        #expect(try await world.store.unpublishedEvents(limit: 1) == [all[0]])
    }

    @Test func aRowThatIsUnknownIsNotFound() async throws {
        let world = StoreWorld()
        let id = EnvironmentID(unchecked: "aaaaaaaaaaaaaaaa")
        let error = await #expect(throws: AntidoteError.self) { try await world.store.change(id, toRevision: 1) }
        #expect(error?.code == .notFound)
        try await world.store.remove(id)
        #expect(try await world.store.known([id]).isEmpty)
    }
}
