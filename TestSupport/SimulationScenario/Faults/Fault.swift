/// Something that goes wrong at one step of a run.
struct Fault: Sendable {
    var kind: Kind
    var step: Int
    /// Decides which process, lab or endpoint it hits.
    var choice: Int

    enum Kind: String, Sendable, CaseIterable {
        case crash
        case crashOfAll
        case gracefulRestart
        case pause
        case longPause
        case deadEndpoint
        case providerRestart
        case vanishedLab
        case clockJump
        case forgedMessage
        case strayLab
        case crashOfVisitors

        var atMost: Int {
            switch self {
            case .crash, .pause, .longPause: 4
            case .deadEndpoint, .forgedMessage: 4
            case .clockJump, .vanishedLab, .gracefulRestart: 2
            case .crashOfAll, .providerRestart, .strayLab, .crashOfVisitors: 1
            }
        }
    }
}
