import FakeBackend
import InMemoryLogging
import InMemoryTracing
import Logging
import Synchronization
import Testing
import Tracing

@testable import AntidoteCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("What an operator sees", .timeLimit(.minutes(1)))
struct TelemetryTests {
    /// A process has one tracer: all tests share it, and look for their own spans.
    private static let tracer: InMemoryTracer = {
        let tracer = InMemoryTracer()
        InstrumentationSystem.bootstrap(tracer)
        return tracer
    }()

    @Test func everyStepContinuesTheTraceOfItsRequest() async throws {
        let tracer = TelemetryTests.tracer
        let world = FakeWorld(instance: InstanceID(unchecked: "traced"))
        let (trace, id) = try await withSpan("request") { span in
            let id = try await world.instance().withRunning { running in
                try await running.withEnvironment(of: world.source) { row in
                    let events = try await running.store.events(of: row.id, after: 0)
                    #expect(events.allSatisfy { !$0.traceContext.isEmpty })
                    return row.id
                }
            }
            return (span.context.inMemorySpanContext?.traceID, id)
        }
        let spans = tracer.finishedSpans.filter {
            $0.attributes[AttributeKey.environment]?.toSpanAttribute() == .string(id.rawValue)
        }
        #expect(Set(spans.map(\.operationName)) == ["converge", "configure", "job", "destroy"])
        #expect(spans.allSatisfy { $0.traceID == trace })
        for span in spans {
            for key in [
                AttributeKey.instance, AttributeKey.session, AttributeKey.lesson, AttributeKey.stage,
                AttributeKey.worker, AttributeKey.attempt,
            ] {
                #expect(span.attributes[key] != nil, "\(span.operationName) lacks \(key)")
            }
        }
    }

    @Test func aTraceThatNobodyBeganIsNoFault() {
        #expect(TraceCarrier.current.isEmpty)
        _ = TelemetryTests.tracer
        #expect(ServiceContext.continuing(["traceparent": "garbage"]).inMemorySpanContext == nil)
    }

    @Test func aFailureIsLoggedWithItsCodeAndTheFixedKeys() async throws {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test", factory: { _ in handler })
        logger.logLevel = .debug
        let telemetry = Telemetry(logger: logger, time: .system)
        await #expect(throws: AntidoteError.self) {
            try await telemetry.measure("converge", [AttributeKey.environment: "e"]) {
                throw AntidoteError(.imageMissing, "x")
            }
        }
        let entry = try #require(handler.entries.last)
        #expect(entry.metadata[AttributeKey.errorCode] == "imageMissing")
        #expect(entry.metadata[AttributeKey.environment] == "e")
    }

    @Test func anEventReadsAsACloudEvent() throws {
        var request = StoreWorld().request("owner")
        request.revision = 2
        let id = EnvironmentID(unchecked: "aaaaaaaaaaaaaaaa")
        var row = Environment(admitting: request, id: id, ticket: 1, now: .zero)
        _ = row.apply(.fail(AntidoteError(.jobFailed, "x", logTail: "secret"), keptFor: .zero), now: .zero)
        let event = EnvironmentEvent(.failed, about: row, sequence: 3, time: .zero)
        let bytes = try CloudEvent(event, instance: InstanceID(unchecked: "test")).encoded()
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(
            text == """
                {"data":{"failure":"jobFailed","lesson":"x","liveLesson":"aaaaaaaaaaaaaaaa","phase":"FAILED",\
                "sequence":3,"session":"owner","stage":2},"datacontenttype":"application/json",\
                "id":"aaaaaaaaaaaaaaaa-3","source":"/antidote/test","specversion":"1.0",\
                "subject":"aaaaaaaaaaaaaaaa","time":"1970-01-01T00:00:00.000Z","type":"LiveLessonFailed"}
                """
        )
        #expect(try JSONDecoder().decode(CloudEvent.self, from: Data(bytes)).data.sequence == 3)
    }

    @Test(arguments: zip(EnvironmentEvent.Kind.allCases, ["new", "stagechange", "ready", "failed", "delete"]))
    func eventsHaveTheirPublicSubjects(kind: EnvironmentEvent.Kind, word: String) {
        let subjects = Subjects(instance: InstanceID(unchecked: "test"))
        #expect(subjects.event(kind) == "antidote.test.livelesson.\(word)")
        #expect(subjects.allLiveLessons.matches(subjects.event(kind)))
        #expect(!subjects.allLiveLessons.matches(subjects.wake(.collector)))
    }
}
