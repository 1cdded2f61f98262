import AntidoteCore
import AntidoteLessons
import Foundation
import Testing

/// What is really sent, against the schemas, as somebody else's validator understands them.
@Suite("Schemas of events", .timeLimit(.minutes(1)))
struct EventSchemaTests {
    private let instance = InstanceID(unchecked: "one-2")
    private let vocabulary = LessonVocabulary()
    private let id = EnvironmentID(unchecked: "abcdefghijklmn27")

    /// An event as the store would make it, whatever its kind.
    private func event(_ kind: EnvironmentEvent.Kind, _ phase: Phase, failure: Bool = false) throws -> CloudEvent {
        let fields: [String: Any] = [
            "sequence": 3, "kind": kind.rawValue, "environment": id.rawValue, "owner": "session-1",
            "source": ["kind": "lesson", "name": "größe \"1\"\n", "version": "v"], "revision": 2, "generation": 4,
            "incarnation": 1, "phase": phase.rawValue, "time": 1_700_000_000_123_456,
            "traceContext": [String: String](),
        ]
        let data = try JSONSerialization.data(withJSONObject: fields)
        var event = try JSONDecoder().decode(EnvironmentEvent.self, from: data)
        if failure { event.failure = Failure(AntidoteError(.jobFailed, "no"), at: event.time, keptUntil: event.time) }
        return CloudEvent(event, instance: instance, vocabulary: vocabulary)
    }

    private var snapshots: [ProgressSnapshot] {
        let states: [EndpointProgress] = [
            .waiting, .pulling(done: 0, total: nil), .pulling(done: 1, total: 2), .starting, .running, .reachable,
            .configuring, .configured, .restarting(reason: "it died"),
        ]
        return states.map { ProgressSnapshot(environment: id, endpoints: ["web": $0, "box": .waiting], note: "hm") }
            + [ProgressSnapshot(environment: id)]
    }

    @Test func everythingThatIsSentFits() throws {
        var texts: [(kind: String, text: String)] = []
        for kind in EnvironmentEvent.Kind.allCases {
            for phase in Phase.allCases {
                texts.append(
                    (vocabulary.type(of: kind), String(decoding: try event(kind, phase).encoded(), as: UTF8.self))
                )
            }
        }
        texts.append(("LiveLessonFailed", text(try event(.failed, .failed, failure: true).encoded())))
        for snapshot in snapshots { texts.append(("Progress", text(Array(try JSONEncoder().encode(snapshot))))) }
        for (sent, errors) in zip(texts, try SchemaValidator.errors(in: texts)) {
            #expect(errors == [], "\(sent.kind): \(sent.text)")
        }
    }

    @Test func everyFieldIsDescribed() throws {
        let failed = try event(.failed, .failed, failure: true)
        let sent = try #require(JSONSerialization.jsonObject(with: Data(failed.encoded())) as? [String: Any])
        let schema = try schema("LiveLessonFailed")
        let properties = try #require(schema["properties"] as? [String: Any])
        #expect(Set(sent.keys) == Set(properties.keys))
        let data = try #require((properties["data"] as? [String: Any])?["properties"] as? [String: Any])
        #expect(try Set(#require(sent["data"] as? [String: Any]).keys) == Set(data.keys))
    }

    @Test func whatIsWrongDoesNotFit() throws {
        let right = text(try event(.ready, .ready).encoded())
        let wrong: [(kind: String, text: String)] = [
            ("LiveLessonFailed", right), ("LiveLessonReady", "{}"), ("LiveLessonReady", "[]"), ("Progress", "{}"),
            ("LiveLessonReady", right.replacing("READY", with: "ready")),
            ("LiveLessonReady", right.replacing(#""sequence":3"#, with: #""sequence":0"#)),
            ("LiveLessonReady", right.replacing(#""specversion":"1.0""#, with: #""specversion":"0.3""#)),
            ("LiveLessonReady", right.replacing("/antidote/", with: "/other/")),
            ("LiveLessonReady", right.replacing(id.rawValue, with: "short")),
            ("Progress", #"{"environment":"\#(id)","endpoints":{"web":{"flying":{}}}}"#),
            ("Progress", #"{"environment":"\#(id)","endpoints":{"web":{"pulling":{}}}}"#),
            ("Progress", #"{"environment":"\#(id)","endpoints":["web"]}"#),
        ]
        for (sent, errors) in zip(wrong, try SchemaValidator.errors(in: wrong)) {
            #expect(errors != [], "\(sent.kind): \(sent.text)")
        }
    }

    @Test func everySubjectIsOneThatIsPublishedOn() throws {
        let subjects = Subjects(instance: instance)
        let published =
            EnvironmentEvent.Kind.allCases.map { subjects.event($0, of: vocabulary) }
            + [subjects.progress(of: vocabulary)]
        let described = try EventSchema.all().map { $0.subject.replacing("<instance>", with: "\(instance)") }
        #expect(described == published)
    }

    @Test func thePageOfEventsTellsOfEachAndItsExampleFits() throws {
        let page = try String(contentsOfFile: checkout + "/docs/events.md", encoding: .utf8)
        for schema in try EventSchema.all() { #expect(page.contains("| `\(schema.subject)` | `\(schema.name)` |")) }
        let example = try #require(page.split(separator: "```json\n").last?.split(separator: "```").first)
        #expect(try SchemaValidator.errors(in: [("LiveLessonReady", String(example))]) == [[]])
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private func schema(_ name: String) throws -> [String: Any] {
        let schema = try #require(try EventSchema.all().first { $0.name == name })
        return try #require(JSONSerialization.jsonObject(with: Data(schema.schema.utf8)) as? [String: Any])
    }
}

private let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

/// The validator that the lessons' schemas are tried with: that of Python's `jsonschema`.
private enum SchemaValidator {
    struct Failure: Error {
        let reason: String
    }

    /// What is wrong with each of `texts`; nothing where one is empty.
    static func errors(in texts: [(kind: String, text: String)]) throws -> [[String]] {
        var schemas: [String: Any] = [:]
        for schema in try EventSchema.all() {
            schemas[schema.name] = try JSONSerialization.jsonObject(with: Data(schema.schema.utf8))
        }
        let request = NSTemporaryDirectory() + "/schemas-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: request) }
        let files = texts.map { ["kind": $0.kind, "text": $0.text] }
        try JSONSerialization.data(withJSONObject: ["schemas": schemas, "files": files])
            .write(to: URL(fileURLWithPath: request))
        let script = checkout + "/Scripts/validate-against-schema"
        for python in [["/usr/bin/env", "python3"], ["/usr/bin/python3"]] {
            let test = ["-c", "import yaml; from jsonschema import Draft202012Validator"]
            guard try start(python + test).status == 0 else { continue }
            let (output, status) = try start(python + [script, request])
            guard status == 0 else { throw Failure(reason: "the validator ended with status \(status)") }
            let answers = try JSONDecoder().decode([[String]].self, from: output)
            guard answers.count == texts.count else { throw Failure(reason: "\(answers.count) answers") }
            return answers
        }
        throw Failure(reason: "no python3 has the modules yaml and jsonschema (4 or newer): `make test` installs them")
    }

    private static func start(_ command: [String]) throws -> (output: Data, status: Int32) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (output, process.terminationStatus)
    }
}
