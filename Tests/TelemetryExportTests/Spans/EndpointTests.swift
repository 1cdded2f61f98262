import AntidoteCore
import Logging
import TelemetryExport
import Testing

@Suite struct EndpointTests {
    @Test(arguments: [
        ("http://localhost", "http://localhost:4318"), ("https://otel.example.org", "https://otel.example.org:443"),
        ("http://127.0.0.1:1/", "http://127.0.0.1:1"), ("http://[::1]:4318/base/", "http://[::1]:4318"),
        ("https://[fe80::1]", "https://[fe80::1]:443"),
    ])
    func readsABaseURL(url: String, shown: String) throws {
        #expect(try OTLPEndpoint(url).description == shown)
    }

    @Test(arguments: [
        "", "localhost:4318", "ftp://x", "http://", "http://:80", "http://x:0", "http://x:65536", "http://x:port",
        "http://user:hunter2@x", "http://x?key=hunter2", "http://x/#hunter2", "http://[::1", "http://[::1]x",
        "http://x/a b", "http://x/\u{e4}", "http://x:1:2", "http://x:+5",
    ])
    func refusesWhatIsNone(url: String) throws {
        do {
            let endpoint = try OTLPEndpoint(url)
            Issue.record("\(endpoint)")
        } catch {
            #expect(error.code == .configurationInvalid)
            #expect(!error.description.contains("hunter2"))
        }
    }

    @Test(arguments: [["Bad Header": "x"], ["X-Key": "hunter2\r\nX: y"], ["Content-Length": "5"]])
    func refusesAHeaderAtOnceAndDoesNotShowIt(headers: [String: String]) throws {
        let configuration = SpanExporterConfiguration(
            endpoint: try OTLPEndpoint("http://127.0.0.1"),
            resource: TelemetryResource(serviceName: "a", serviceVersion: "1", serviceInstance: "i", instance: "l"),
            headers: headers.mapValues { Secret($0) }
        )
        let metrics = PrometheusMetrics()
        do {
            _ = try SpanExporter(
                buffer: SpanBuffer(metrics: metrics),
                configuration: configuration,
                time: .system,
                random: .seeded(1),
                metrics: metrics,
                logger: Logger(label: "test")
            )
            Issue.record("it was taken")
        } catch {
            #expect(error.code == .configurationInvalid)
            #expect(!String(reflecting: error).contains("hunter2"))
        }
    }
}
