import AntidoteCore
import Synchronization

/// A steady stream of visitors that does not wait for anybody.
struct Visitors: Sendable {
    let front: Front
    let time: TimeSource
    let random: RandomSource
    /// How many come each second.
    let rate: Double
    let waits = Waits()
    let gate = Gate()

    /// Lets visitors come until the gate is closed; returns when all have left.
    func come() async {
        await withDiscardingTaskGroup { group in
            while gate.isOpen {
                let visitor = Visitor(
                    front: front,
                    time: time,
                    random: .seeded(random.next()),
                    onReady: { [waits] in waits.add($0) },
                    gate: gate
                )
                group.addTask { try? await visitor.visit() }
                do { try await time.sleep(.seconds((0.5 + random.unit()) / rate)) } catch { break }
            }
        }
    }
}

/// Whether visitors still come.
final class Gate: Sendable {
    private let open = Atomic(true)

    var isOpen: Bool { open.load(ordering: .relaxed) }

    func close() { open.store(false, ordering: .relaxed) }
}

/// How long visitors waited for what they asked for.
final class Waits: Sendable {
    private let seconds = Mutex<[Double]>([])

    func add(_ wait: Double) { seconds.withLock { $0.append(wait) } }

    var text: String {
        let sorted = seconds.withLock { $0.sorted() }
        guard let longest = sorted.last else { return "nobody got a lesson" }
        func quantile(_ share: Double) -> String {
            "\(Int(sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))] * 1000)) ms"
        }
        return
            "\(sorted.count) times ready, p50 \(quantile(0.5)), p99 \(quantile(0.99)), longest \(Int(longest * 1000)) ms"
    }

    var count: Int { seconds.withLock { $0.count } }
}
