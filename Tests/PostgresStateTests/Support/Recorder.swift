import Synchronization

/// What happened, in its order.
final class Recorder: Sendable {
    private let recorded = Mutex<[Int]>([])

    var numbers: [Int] { recorded.withLock { $0 } }

    func add(_ number: Int) { recorded.withLock { $0.append(number) } }
}
