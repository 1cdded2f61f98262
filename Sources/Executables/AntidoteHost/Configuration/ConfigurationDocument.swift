import AntidoteCore
import Foundation
import Yams

/// The keys that a configuration file really has, so that a misspelt one is told and not ignored.
struct ConfigurationDocument: Sendable {
    let path: String
    let keys: [String]

    init(path: String, isRequired: Bool) throws {
        self.path = path
        guard FileManager.default.fileExists(atPath: path) else {
            if !isRequired {
                keys = []
                return
            }
            throw AntidoteError(
                .configurationInvalid,
                "there is no such configuration file",
                advice: "Name one that exists, or leave --config out.",
                place: path
            )
        }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        do {
            keys = try Yams.compose(yaml: text)?.mapping?.keys.compactMap(\.string) ?? []
        } catch {
            throw AntidoteError(.configurationInvalid, "it is not YAML: \(error)", place: path, cause: error)
        }
    }

    /// A sentence for each key that nobody knows.
    func problems(knowing known: [String]) -> [String] {
        keys.filter { !known.contains($0) }.map { key in
            let nearest = Spelling.nearest(to: key, among: known).map { "; did you mean “\($0)”?" } ?? ""
            return "there is no setting “\(key)”\(nearest)"
        }
    }
}
