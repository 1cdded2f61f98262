import AntidoteCore
import AntidoteLessons

/// The names of the files that configure an endpoint.
enum ConfigurationName {
    struct Candidate {
        var name: String
        var driver: LessonConfiguration.Driver?
    }

    /// Made from the endpoint's name rather than taken apart, for that may have hyphens itself.
    static func candidates(endpoint: String, kind: LessonConfiguration.Kind) -> [Candidate] {
        switch kind {
        case .python: [Candidate(name: "\(endpoint).py")]
        case .ansible: [Candidate(name: "\(endpoint).yml")]
        case .napalm:
            LessonConfiguration.Driver.allCases.map { Candidate(name: "\(endpoint)-\($0.rawValue).txt", driver: $0) }
        }
    }

    static func description(endpoint: String, kind: LessonConfiguration.Kind) -> String {
        switch kind {
        case .python: "\(endpoint).py"
        case .ansible: "\(endpoint).yml"
        case .napalm: "\(endpoint)-DRIVER.txt"
        }
    }

    /// Whether the file is for NAPALM and `endpoint`, whatever its driver.
    static func isNapalm(_ file: String, for endpoint: String) -> Bool {
        file.hasPrefix("\(endpoint)-") && file.hasSuffix(".txt")
    }

    /// Every name that a file would have to configure `endpoint` one way or another, or nearly so.
    static func all(about endpoint: String) -> [String] {
        [".py", ".yml", ".yaml", ".txt"].map { endpoint + $0 }
            + LessonConfiguration.Driver.allCases.map { "\(endpoint)-\($0.rawValue).txt" }
    }
}
