import AntidoteCore

/// Somebody who opens a session, takes lessons, goes through their stages, and leaves in one way or another.
struct Visitor: Sendable {
    let front: Front
    let time: TimeSource
    let random: RandomSource
    /// Told how long it took from the request to the answer that it is ready, in seconds.
    let onReady: @Sendable (Double) -> Void
    /// Once it is closed nobody waits for a lesson any more.
    let gate: Gate
    /// For how long a visitor asks again before giving up.
    var patience = Duration.seconds(60)

    func visit() async throws {
        guard let session = try await open() else { return }
        var ids: [String] = []
        for lesson in lessons() {
            guard let id = try await start(lesson, session) else { continue }
            ids.append(id)
            if random.unit() < 0.5 { try await change(id, session) }
        }
        _ = await front.ask(.list, session: session)
        let end = random.unit()
        if end < 0.02 { return }
        if end < 0.25 {
            _ = try await insist(.endSession, session)
            return
        }
        for id in ids {
            _ = try await insist(.delete(id), session)
            _ = await front.ask(.list, session: session)
        }
    }

    private func lessons() -> [String] {
        var all = WorldSettings.lessons
        let count = [1, 1, 1, 2, 2, 4][Int(random.next() % 6)]
        return (0..<count).map { _ in all.remove(at: Int(random.next() % UInt64(all.count))) }
    }

    private func open() async throws -> Session? {
        let start = time.uptime()
        while time.uptime() - start < patience {
            if let session = await front.openSession() { return session }
            try await time.sleep(.milliseconds(300))
        }
        return nil
    }

    /// Asks for it, sometimes twice at once, and waits until it is ready. Returns what it is called.
    private func start(_ lesson: String, _ session: Session) async throws -> String? {
        let began = time.uptime()
        let kind = Exchange.Kind.request(lesson: lesson, stage: 0)
        var answer: Exchange
        if random.unit() < 0.3 {
            async let other = front.ask(kind, session: session, at: 1)
            answer = await front.ask(kind, session: session, at: 0)
            let second = await other
            if !answer.isAccepted { answer = second }
        } else {
            answer = await front.ask(kind, session: session)
        }
        if answer.isUncertain { answer = try await insist(kind, session) }
        guard answer.isAccepted, let id = answer.seen.first?.id else { return nil }
        if try await wait(for: id, session, until: { _ in true }) { onReady((time.uptime() - began).inSeconds) }
        return id
    }

    private func change(_ id: String, _ session: Session) async throws {
        let stage = Int(random.next() % UInt64(WorldSettings.stages))
        guard try await insist(.change(id, stage: stage), session).isAccepted else { return }
        // Some do not wait for what they asked for.
        if random.unit() < 0.3 { return }
        _ = try await wait(for: id, session) { $0.wantedStage == stage }
    }

    /// Looks until it is ready and `condition` holds. Returns whether that came to be.
    private func wait(
        for id: String,
        _ session: Session,
        until condition: (SeenLesson) -> Bool
    ) async throws -> Bool {
        let start = time.uptime()
        while gate.isOpen, time.uptime() - start < patience {
            let answer = await front.ask(.read(id), session: session)
            if answer.status == 404 { return false }
            if let seen = answer.seen.first {
                if !seen.isActive { return false }
                if seen.phase == "READY", condition(seen) { return true }
            }
            try await time.sleep(.milliseconds(100 + Int(random.next() % 200)))
        }
        return false
    }

    /// Asks again while nobody knows what came of it.
    private func insist(_ kind: Exchange.Kind, _ session: Session) async throws -> Exchange {
        let start = time.uptime()
        var answer = await front.ask(kind, session: session)
        while answer.isUncertain, time.uptime() - start < patience {
            try await time.sleep(.milliseconds(300))
            answer = await front.ask(kind, session: session)
        }
        return answer
    }
}
