import AntidoteCore
import Synchronization

/// Looks at the provider again and again.
final class ProviderWatch: Sendable {
    private let world: World
    private let state = Mutex(State())

    private struct State {
        var samples: [ProviderSample] = []
        var strangers: Set<ProviderEntry> = []
    }

    init(world: World) { self.world = world }

    var samples: [ProviderSample] { state.withLock { $0.samples } }
    var strangers: Set<ProviderEntry> { state.withLock { $0.strangers } }

    /// Until it is cancelled.
    func run() async throws {
        while !Task.isCancelled {
            await look()
            do { try await world.time.sleep(world.provider.pause) } catch { return }
        }
    }

    /// Returns whether nobody was changing it.
    @discardableResult
    func look() async -> Bool {
        guard let sample = await world.provider.sample(at: { world.now }) else { return false }
        state.withLock { state in
            // Most looks show nothing new.
            if state.samples.last?.entries != sample.entries { state.samples.append(sample) }
        }
        return true
    }

    /// Puts something of another installation there, and something of another store under the same name.
    func plantStrangers() async throws {
        for (instance, store) in [("stranger", "aaaaaaaaaaaaaaaa"), (nil, "bbbbbbbbbbbbbbbb")] as [(String?, String)] {
            for _ in 0..<1200 {
                if let planted = try await world.provider.plant(instance: instance, store: store) {
                    state.withLock { state in _ = state.strangers.insert(planted) }
                    break
                }
                try await world.time.sleep(.milliseconds(50))
            }
        }
        guard strangers.count == 2 else {
            throw ChaosFailure("nothing came to be at the provider within a minute")
        }
    }
}
