import AntidoteLessons
import FakeBackend
import InMemoryLogging
import Logging
import Testing

@_spi(StoreKit) @testable import AntidoteCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("The public names of live lessons", .timeLimit(.minutes(1)))
struct LessonVocabularyTests {
    private let instance = InstanceID(unchecked: "test")
    private let subjects = Subjects(instance: InstanceID(unchecked: "test"))
    private let vocabulary = LessonVocabulary()
    private let id = EnvironmentID(unchecked: "aaaaaaaaaaaaaaaa")

    private var request: AdmissionRequest {
        AdmissionRequest(
            owner: OwnerID(unchecked: "owner"),
            source: EnvironmentSource(kind: LessonPlanner.sourceKind, name: "x", version: "1"),
            revision: 2,
            backend: BackendID(unchecked: "fake")
        )
    }

    @Test func `an event reads as a CloudEvent`() throws {
        var row = Environment(admitting: request, id: id, ticket: 1, now: .zero)
        _ = row.apply(
            .fail(AntidoteError(.jobFailed, "x", logTail: "secret"), generation: 1, keptFor: .zero),
            now: .zero
        )
        let event = EnvironmentEvent(.failed, about: row, sequence: 3, time: .zero)
        let bytes = CloudEvent(event, instance: instance, vocabulary: vocabulary).encoded()
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(
            text == """
                {"data":{"failure":"jobFailed","lesson":"x","liveLesson":"aaaaaaaaaaaaaaaa","phase":"FAILED",\
                "sequence":3,"session":"owner","stage":2},"datacontenttype":"application/json",\
                "id":"aaaaaaaaaaaaaaaa-3","source":"/antidote/test","specversion":"1.0",\
                "subject":"aaaaaaaaaaaaaaaa","time":"1970-01-01T00:00:00.000000Z","type":"LiveLessonFailed"}
                """
        )
        #expect(try JSONDecoder().decode(CloudEvent.self, from: Data(bytes)).data["sequence"] == 3)
    }

    @Test(arguments: zip(EnvironmentEvent.Kind.allCases, ["new", "stagechange", "ready", "failed", "delete"]))
    func `events have their public subjects`(kind: EnvironmentEvent.Kind, word: String) {
        #expect(subjects.event(kind, of: vocabulary) == "antidote.test.livelesson.\(word)")
        #expect(subjects.all(of: vocabulary).matches(subjects.event(kind, of: vocabulary)))
        #expect(!subjects.all(of: vocabulary).matches(subjects.wake(.collector)))
    }

    @Test func `progress has its public subject`() {
        #expect(subjects.progress(of: vocabulary) == "antidote.test.livelesson.progress")
        #expect(subjects.progressOfAnyKind.matches(subjects.progress(of: vocabulary)))
    }

    @Test func `a worker that plans lessons knows their events and no others`() {
        func signal(_ type: String) -> BusSignal {
            let text = #"{"source": "/antidote/test", "type": "\#(type)"}"#
            let message = BusMessage(subject: subjects.event(.ready, of: vocabulary), payload: Array(text.utf8))
            return BusSignal(message, instance: instance, vocabularies: [vocabulary])
        }
        for kind in EnvironmentEvent.Kind.allCases { #expect(signal(vocabulary.type(of: kind)) == .somewhere) }
        #expect(signal("LiveLessonDoubled") == .none(.unknownType))
        #expect(signal("environment.ready") == .none(.unknownType))
    }

    @Test func `log lines about a live lesson name its lesson and stage`() async throws {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test", factory: { _ in handler })
        logger.logLevel = .notice
        let embedded = EmbeddedInstance(
            id: instance,
            backend: FakeBackend(instance: instance, time: .system),
            planners: [
                LessonPlanner.sourceKind: FunctionPlanner { request in
                    let endpoint = Endpoint(name: "web", image: ImageReference("web"))
                    return EnvironmentPlan(topology: Topology(id: request.id, endpoints: [endpoint]))
                }
            ],
            vocabularies: [LessonPlanner.sourceKind: LessonVocabulary()],
            logger: logger
        )
        try await embedded.withRunning { running in
            try await running.withEnvironment(of: request.source, revision: 2) { #expect($0.phase == .ready) }
        }
        let line = try #require(handler.entries.first { "\($0.message)" == "READY" })
        #expect(line.metadata[AttributeKey.lesson] == "x")
        #expect(line.metadata[AttributeKey.stage] == "2")
        #expect(line.metadata[AttributeKey.source] == nil && line.metadata[AttributeKey.revision] == nil)
    }
}
