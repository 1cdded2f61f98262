import AntidoteCore

/// What happens to one call of the engine.
enum EngineFault: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// It answers late.
    case slow
    /// It says that it is in trouble, and does nothing.
    case troubled
    /// The connection ends before it has understood anything.
    case cut
    /// It has half of the request when the connection ends.
    case halfSent
    /// It does what it was asked, and the connection ends before it says so.
    case lost
    /// The connection ends in the middle of its answer.
    case torn
    /// It answers with what is no HTTP.
    case garbage
    /// It answers with what is no answer to this.
    case nonsense
    /// All connections end, and there are no new ones until it comes back.
    case down

    var description: String { rawValue }

    /// Whether it can be told from what happens without it.
    func applies(to phase: EnginePhase) -> Bool {
        switch self {
        case .lost: !phase.isStream
        // Who asks for ports may have heard all that there is.
        case .torn: phase != .execStart
        case .nonsense: phase.hasAnswer
        case .halfSent: [.networkCreate, .endpointCreate, .jobCreate, .upload].contains(phase)
        default: true
        }
    }

    /// What the backend must say of it. `nil`: nothing at all, it just goes on.
    var expected: (code: AntidoteError.Code, disposition: AntidoteError.Disposition)? {
        switch self {
        case .slow: nil
        case .troubled, .cut, .halfSent, .lost, .torn, .down: (.backendUnavailable, .retry)
        // Trying again does not make an engine of something else.
        case .garbage, .nonsense: (.backendRefused, .permanent)
        }
    }
}
