import CurriculumFiles
import Foundation

/// A file, and the kind that it is to be one of.
struct SchemaCase: Sendable {
    let kind: CurriculumFile
    let text: String

    /// Those of `files`, texts by path, that a schema is for, in the order of their paths.
    static func all(in files: [String: String]) -> [SchemaCase] {
        files.sorted { $0.key < $1.key }.compactMap { path, text in
            CurriculumFile(path: path).map { SchemaCase(kind: $0, text: text) }
        }
    }
}

extension CurriculumFile {
    /// The kind of the file at `path`; `nil` for one that no schema is for.
    init?(path: String) {
        guard let kind = CurriculumFile.allCases.first(where: { path.hasSuffix($0.name) }) else { return nil }
        self = kind
    }
}

/// The schemas as somebody else's validator understands them: that of Python's `jsonschema`.
enum SchemaValidator {
    struct Failure: Error {
        let reason: String
    }

    /// What is wrong with each of `cases`; nothing where one is empty.
    static func errors(in cases: [SchemaCase]) throws -> [[String]] {
        var schemas: [String: Any] = [:]
        for kind in CurriculumFile.allCases {
            schemas[kind.rawValue] = try JSONSerialization.jsonObject(with: Data(kind.schema().utf8))
        }
        let files = cases.map { ["kind": $0.kind.rawValue, "text": $0.text] }
        let request = try JSONSerialization.data(withJSONObject: ["schemas": schemas, "files": files])
        let sandbox = try Sandbox()
        try sandbox.write("request.json", Array(request))
        let output = try run([Repository.root + "/Scripts/validate-against-schema", sandbox.path + "/request.json"])
        let answers = try JSONDecoder().decode([[String]].self, from: output)
        guard answers.count == cases.count else { throw Failure(reason: "\(answers.count) answers") }
        return answers
    }

    /// The first Python that has what the script imports.
    private static func run(_ arguments: [String]) throws -> Data {
        for python in [["/usr/bin/env", "python3"], ["/usr/bin/python3"]] {
            let test = ["-c", "import yaml; from jsonschema import Draft202012Validator"]
            guard try start(python + test).status == 0 else { continue }
            let (output, status) = try start(python + arguments)
            guard status == 0 else { throw Failure(reason: "the validator ended with status \(status)") }
            return output
        }
        throw Failure(reason: "no python3 has the modules yaml and jsonschema (4 or newer): `make test` installs them")
    }

    private static func start(_ command: [String]) throws -> (output: Data, status: Int32) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (output, process.terminationStatus)
    }
}
