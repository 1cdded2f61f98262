import AntidoteCore
import Foundation

/// What the program was told.
struct Options {
    /// The parts of the page.
    enum Part: String, CaseIterable {
        case core, lessons, services, lab, many
    }

    private var parts: Set<Part> = []
    /// How many pairs of each figure.
    private(set) var pairs = 30
    /// The socket of the Docker Engine for the parts that need one.
    private(set) var socket: String?
    /// Labels everything that is made at the engine.
    private(set) var instance = InstanceID(unchecked: "bench")
    /// The folder of the programs for the part that runs them.
    private(set) var programs = Bundle.main.bundlePath
    private(set) var curriculum = "Examples/curriculum"
    /// What the page says of the machine.
    private(set) var about: [String] = []

    init(_ arguments: some Sequence<String>) throws {
        var iterator = arguments.makeIterator()
        while let argument = iterator.next() {
            guard let value = iterator.next() else { throw Self.refused("“\(argument)” wants a value") }
            switch argument {
            case "--only":
                for word in value.split(whereSeparator: { $0 == "," || $0 == " " }) {
                    guard let part = Part(rawValue: String(word)) else {
                        throw Self.refused("there is no part “\(word)”")
                    }
                    parts.insert(part)
                }
            case "--pairs":
                guard let number = Int(value), number > 0 else {
                    throw Self.refused("“\(value)” is no number of pairs")
                }
                pairs = number
            case "--socket": socket = value
            case "--instance": instance = try InstanceID(validating: value)
            case "--programs": programs = value
            case "--curriculum": curriculum = value
            case "--about": about.append(value)
            default: throw Self.refused("“\(argument)” is not known")
            }
        }
    }

    func wants(_ part: Part) -> Bool { parts.isEmpty || parts.contains(part) }

    private static func refused(_ message: String) -> AntidoteError {
        AntidoteError(
            .configurationInvalid,
            message,
            recovery: "The parts are: \(Part.allCases.map(\.rawValue).joined(separator: ", "))."
        )
    }
}
