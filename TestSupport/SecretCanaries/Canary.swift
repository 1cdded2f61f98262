public import AntidoteCore
import Foundation

/// Secrets that tests plant, made to be found again: whatever a run of the tests records, none of them is in it.
///
/// `Scripts/secrets check` looks for them after each run of the suite, as they are and in base64.
public enum Canary {
    /// A part of every canary, and of nothing else. Any writing leaves it as it is, and it may name an endpoint.
    public static let marker = "qx7-canary-that-nobody-sees-vb2"
    /// Written on purpose to every place that is watched: where it is not found, nobody has looked.
    public static let control = "kz4-control-that-is-seen-hm9"

    /// The control, or a canary where somebody tries whether the watch finds one on this way (`Scripts/secrets mutants`).
    public static func shown(in way: String) -> String {
        let leaking = ProcessInfo.processInfo.environment["ANTIDOTE_TEST_LEAK"]
        return leaking == way || leaking == "all" ? text("leak") : control
    }

    /// The text of a canary. `name` is of letters, digits and dashes.
    public static func text(_ name: String) -> String { "\(marker)-\(name)" }

    /// A canary as the secret that it is.
    public static func secret(_ name: String) -> Secret { Secret(text(name)) }
}
