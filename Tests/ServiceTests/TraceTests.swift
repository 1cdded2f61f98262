import ChaosScenario
import Foundation
import HTTPTransport
import Testing

extension ServiceTests {
    @Suite struct TraceTests {
        private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        private static let caller = "00f067aa0ba902b7"

        /// From whoever asked, through both programs, to the lab.
        @Test func oneRequestIsOneTrace() async throws {
            let receiver = try SpanReceiver()
            defer { receiver.stop() }
            let installation = try await Installation(["otlpEndpoint": receiver.url])
            try await installation.running { api, scheduler, gc in
                let visitor = try await Visitor.arrived(at: api)
                let parent = "00-\(Self.trace)-\(Self.caller)-01"
                _ = try await visitor.learn("lesson-1", headers: ["traceparent": parent])
                // What is still to be sent is sent at the end.
                for service in [api, scheduler, gc] {
                    #expect(await service.stop(SIGTERM) == 0, "\(service.lastWords)")
                }

                let spans = receiver.spans(of: Self.trace)
                let tree = "\(spans.map { "\($0.service ?? "-") \($0.name)" })"
                let root = try #require(spans.first { $0.name == "POST /v1/livelessons" }, "\(tree)")
                #expect(root.parentSpanId == Self.caller)
                for (service, names) in [
                    "antidote-api": ["POST /v1/livelessons", "store admit", "bus publish"],
                    "antidote-scheduler": ["converge", "bus publish", "store commit"],
                ] {
                    let told = spans.filter { $0.service == service }.map(\.name)
                    #expect(Set(names).subtracting(told).isEmpty, "\(service) tells only of \(told)")
                }
                // Every span leads to the request.
                let parents = Dictionary(uniqueKeysWithValues: spans.map { ($0.spanId, $0.parentSpanId) })
                for span in spans {
                    var ancestor: String? = span.spanId
                    while let step = ancestor, step != root.spanId { ancestor = parents[step] ?? nil }
                    #expect(ancestor == root.spanId, "\(span.name) of \(span.service ?? "-") hangs in the air: \(tree)")
                }
            }
        }
    }
}
