import AntidoteCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

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
            let status = try await old.stop(SIGTERM)
            if status != 0 { world.surprises.add("\(old.name) left with status \(status ?? -1) after SIGTERM") }
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
