import Synchronization

/// What happened in a simulation: a hash always, and readable lines where somebody wants to read them.
public final class SimulatedTrace: Sendable {
    /// Whether lines are kept.
    public let isRecording: Bool
    private let state = Mutex(State())

    private struct State {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var lines: [String] = []
    }

    /// An empty trace; without recording only its hash is kept.
    public init(isRecording: Bool) { self.isRecording = isRecording }

    /// Equal for equal runs: two runs of one seed that differ here are not deterministic.
    public var hash: UInt64 { state.withLock { $0.hash } }

    /// The readable history, if it is kept.
    public var lines: [String] { state.withLock { $0.lines } }

    /// Something happened that a run of the same seed must repeat.
    public func mix(_ value: UInt64) {
        state.withLock { $0.hash = ($0.hash ^ value) &* 0x0000_0100_0000_01B3 &+ ($0.hash >> 47) }
    }

    /// The text too, for what is told rarely.
    public func mix(_ text: String) {
        state.withLock { state in
            for byte in text.utf8 { state.hash = (state.hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        }
    }

    /// A line of the history; not made where none is kept.
    public func note(_ line: @autoclosure () -> String) {
        guard isRecording else { return }
        let line = line()
        state.withLock { $0.lines.append(line) }
    }
}
