/// What a run is told.
package struct ChaosOptions: Sendable {
    /// Decides what goes wrong when, and what visitors want.
    package var seed: UInt64 = 1
    package var faults = 200
    /// For how long things go wrong, in seconds.
    package var seconds = 300
    /// How many visitors come each second.
    package var rate = 1.0
    /// Whether the bus is down for the whole run.
    package var busIsDown = false
    /// Whether, besides, every copy is replaced under load, in a part of its own in which no request may fail.
    package var upgrades = true
    /// The folder of the programs; `nil`: that of the program that runs now.
    package var programs: String?
    /// The socket of a Docker Engine that labs come to be on; `nil`: the fake backend.
    package var engine: String?
    /// Whether logs are kept although all rules held.
    package var keepsLogs = false

    package init() {}

    package static let usage = """
        usage: antidote-chaos [--seed N] [--faults N] [--seconds N] [--rate N] [--bus up|down] [--upgrades yes|no]
                              [--programs DIR] [--engine SOCKET] [--keep yes|no]
        """

    /// Throws a sentence about what is not understood.
    package init(_ arguments: some Sequence<String>) throws {
        var words = Array(arguments)[...]
        while let word = words.popFirst() {
            guard let value = words.popFirst() else { throw ChaosFailure("\(word) needs a value") }
            switch (word, Int(value), Double(value)) {
            case ("--seed", let number?, _): seed = UInt64(clamping: number)
            case ("--faults", let number?, _): faults = max(0, number)
            case ("--seconds", let number?, _): seconds = max(1, number)
            case ("--rate", _, let number?): rate = max(0.01, number)
            case ("--bus", _, _) where ["up", "down"].contains(value): busIsDown = value == "down"
            case ("--upgrades", _, _) where ["yes", "no"].contains(value): upgrades = value == "yes"
            case ("--programs", _, _): programs = value
            case ("--engine", _, _): engine = value
            case ("--keep", _, _) where ["yes", "no"].contains(value): keepsLogs = value == "yes"
            default: throw ChaosFailure("what is meant by “\(word) \(value)”?")
            }
        }
    }
}
