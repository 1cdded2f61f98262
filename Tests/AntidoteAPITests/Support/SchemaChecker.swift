import Foundation

@testable import AntidoteAPI

/// The document's shapes as somebody else's validator understands them: that of Python's `jsonschema`.
enum SchemaChecker {
    struct Failure: Error {
        let reason: String
    }

    /// A body, and the shape that it is to have.
    struct Case: Sendable {
        let schema: Schema
        let body: [UInt8]
    }

    /// What is wrong with each of `cases`; nothing where one is empty. `schemas` are the document's own.
    static func errors(in cases: [Case], schemas: JSONValue) throws -> [[String]] {
        let kinds = Schema.allCases.map { schema -> JSONValue.Member in
            .init(
                key: schema.rawValue,
                value: ["$ref": .string("#/components/schemas/\(schema.rawValue)"), "components": ["schemas": schemas]]
            )
        }
        let files = cases.map { one -> JSONValue in
            ["kind": .string(one.schema.rawValue), "text": .string(String(decoding: one.body, as: UTF8.self))]
        }
        let request: JSONValue = ["schemas": .object(kinds), "files": .array(files)]
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("antidote-\(UUID()).json")
        try Data(request.encoded).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let script = root.appendingPathComponent("Scripts/validate-against-schema").path
        let answers = try JSONDecoder().decode([[String]].self, from: try run([script, file.path]))
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
