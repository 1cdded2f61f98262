import AntidoteCore

/// Replaces every copy of every program, one after the other: the new one joins, then the old one leaves.
struct RollingUpgrade: Sendable {
    let world: World
    let front: Front

    func run() async throws {
        for old in world.copies {
            let new = try world.join(old.role)
            try new.start()
            if old.role == .api {
                try front.open(new)
                try await untilReady(new)
            }
            try await world.time.sleep(.seconds(2))
            if let complaint = try await old.leave() { world.surprises.add(complaint) }
            front.close(old)
            world.forget(old)
        }
    }

    private func untilReady(_ copy: ServiceCopy) async throws {
        for _ in 0..<300 {
            if await front.isReady(copy) { return }
            try await world.time.sleep(.milliseconds(100))
        }
        throw ChaosFailure("\(copy.name) is not ready after half a minute")
    }
}
