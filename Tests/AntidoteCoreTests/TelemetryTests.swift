import FakeBackend
import InMemoryLogging
import InMemoryTracing
import Logging
import SecretCanaries
import Synchronization
import Testing
import Tracing

@_spi(StoreKit) @testable import AntidoteCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("What an operator sees", .timeLimit(.minutes(1)))
struct TelemetryTests {
    /// A process has one tracer: all tests share it, and look for their own spans.
    private static let tracer = Record.tracer

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
        let steps = spans.filter { !$0.operationName.hasPrefix("store ") }
        #expect(Set(steps.map(\.operationName)) == ["converge", "configure", "job", "destroy"])
        #expect(steps.allSatisfy { $0.traceID == trace })
        for span in steps {
            for key in [
                AttributeKey.instance, AttributeKey.session, AttributeKey.source, AttributeKey.revision,
                AttributeKey.worker, AttributeKey.attempt,
            ] {
                #expect(span.attributes[key] != nil, "\(span.operationName) lacks \(key)")
            }
        }
    }

    @Test func everyCallToTheStoreAndTheBusIsASpan() async throws {
        let tracer = TelemetryTests.tracer
        let world = FakeWorld(instance: InstanceID(unchecked: "seams"))
        @Sendable func ours() -> [FinishedInMemorySpan] {
            tracer.finishedSpans.filter {
                $0.attributes[AttributeKey.instance]?.toSpanAttribute() == .string("seams")
            }
        }
        let trace = try await withSpan("request") { span in
            try await world.instance().withRunning { running in
                try await running.withEnvironment(of: world.source) { _ in }
                // Asked by workers who hear nothing more.
                _ = try await world.eventually { ours().contains { $0.operationName == "store next due" } ? true : nil }
            }
            return span.context.inMemorySpanContext?.traceID
        }
        let spans = ours()
        let calls = ["admit", "claim", "commit", "environment", "remove", "mark published", "next due"]
        #expect(Set(spans.map(\.operationName)).isSuperset(of: calls.map { "store \($0)" }))
        let admission = try #require(spans.first { $0.operationName == "store admit" })
        #expect(admission.attributes[AttributeKey.session]?.toSpanAttribute() == .string("embedder"))
        let publications = spans.filter { $0.operationName == "bus publish" }
        for kind in [EnvironmentEvent.Kind.admitted, .ready, .deleted] {
            let subject = SpanAttribute.string(Subjects(instance: world.id).event(kind))
            let span = publications.first { $0.attributes[AttributeKey.subject]?.toSpanAttribute() == subject }
            #expect(span?.traceID == trace, "\(kind)")
        }
    }

    @Test func aFailedCallIsAFailedSpan() async throws {
        let tracer = TelemetryTests.tracer
        let telemetry = Telemetry(logger: Logger(label: "test"), time: .system)
        let base = InMemoryStateStore(time: .system, random: .system)
        let mark = [AttributeKey.instance: "failing"]
        let store = InterceptedStore(base, StoreTracer(telemetry: telemetry, attributes: mark, vocabularies: [:]))
        let id = EnvironmentID(unchecked: "aaaaaaaaaaaaaaaa")
        let error = await #expect(throws: AntidoteError.self) { try await store.change(id, toRevision: 1) }
        #expect(error?.code == .notFound)
        let span = try #require(
            tracer.finishedSpans.last {
                $0.attributes[AttributeKey.instance]?.toSpanAttribute() == .string("failing")
            }
        )
        #expect(span.operationName == "store change" && span.status?.code == .error)
        #expect(span.attributes[AttributeKey.errorCode]?.toSpanAttribute() == .string("notFound"))
        #expect(span.attributes[AttributeKey.environment]?.toSpanAttribute() == .string(id.rawValue))
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
        _ = row.apply(
            .fail(AntidoteError(.jobFailed, "x", logTail: "secret"), generation: 1, keptFor: .zero),
            now: .zero
        )
        let event = EnvironmentEvent(.failed, about: row, sequence: 3, time: .zero)
        let bytes = CloudEvent(event, instance: InstanceID(unchecked: "test")).encoded()
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(
            text == """
                {"data":{"environment":"aaaaaaaaaaaaaaaa","failure":"jobFailed","kind":"test","name":"x",\
                "owner":"owner","phase":"FAILED","revision":2,"sequence":3},"datacontenttype":"application/json",\
                "id":"aaaaaaaaaaaaaaaa-3","source":"/antidote/test","specversion":"1.0",\
                "subject":"aaaaaaaaaaaaaaaa","time":"1970-01-01T00:00:00.000000Z","type":"environment.failed"}
                """
        )
        #expect(try JSONDecoder().decode(CloudEvent.self, from: Data(bytes)).data["sequence"] == 3)
    }

    @Test(
        arguments: zip(EnvironmentEvent.Kind.allCases, ["admitted", "revisionChanged", "ready", "failed", "deleted"])
    )
    func eventsHaveTheirPublicSubjects(kind: EnvironmentEvent.Kind, word: String) {
        let subjects = Subjects(instance: InstanceID(unchecked: "test"))
        #expect(subjects.event(kind) == "antidote.test.environment.\(word)")
        #expect(subjects.all().matches(subjects.event(kind)))
        #expect(!subjects.all().matches(subjects.wake(.collector)))
    }
}
