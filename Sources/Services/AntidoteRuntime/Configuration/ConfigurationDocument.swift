import AntidoteCore
import Foundation
import Yams

/// The keys that a configuration file contains, so that misspelt ones are reported instead of ignored.
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
                recovery: "Name one that exists, or leave --config out.",
                subject: path
            )
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw AntidoteError(
                .configurationInvalid,
                "it cannot be read as a text",
                recovery: "Name a file in UTF-8 that this user may read.",
                subject: path
            )
        }
        keys = try ConfigurationDocument.keys(of: text, path)
    }

    /// Error messages never quote the text, because it may contain passwords.
    private static func keys(of text: String, _ path: String) throws -> [String] {
        let fault: (message: String, mark: Mark?)
        do {
            guard let root = try Yams.compose(yaml: text) else { return [] }
            if let mapping = root.mapping { return mapping.keys.compactMap(\.string) }
            if root == Node("") || root.null != nil { return [] }
            fault = ("it is not a list of settings and their values", root.mark)
        } catch YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _)
        {
            fault = ("it is not YAML: \(problem)", mark)
        } catch YamlError.duplicatedKeysInMapping(_, let context) {
            fault = ("a setting is there twice", context.mark)
        } catch {
            fault = ("it is not YAML", nil)
        }
        throw AntidoteError(
            .configurationInvalid,
            fault.message,
            recovery: "Write one “setting: value” a line.",
            subject: fault.mark.map { "\(path):\($0.line):\($0.column)" } ?? path
        )
    }

    /// A sentence for each unknown key.
    func problems(knowing known: [String]) -> [String] {
        keys.filter { !known.contains($0) }.map { key in
            let nearest = NearestWord.to(key, among: known).map { "; did you mean “\($0)”?" } ?? ""
            return "there is no setting “\(key)”\(nearest)"
        }
    }
}
