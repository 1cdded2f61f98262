import AntidoteCore
import TelemetryExport
import Testing
import Tracing

@Suite struct TraceContextTests {
    private static let valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test func readsAndWritesTheStandardsExample() throws {
        let context = try #require(TraceContext(traceparent: Self.valid, tracestate: nil))
        #expect(context.traceID.description == "0af7651916cd43dd8448eb211c80319c")
        #expect(context.spanID.description == "b7ad6b7169203331")
        #expect(context.isSampled)
        #expect(context.isRemote)
        #expect(context.traceparent == Self.valid)
    }

    @Test(arguments: [
        ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", false),
        ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff", true),
        ("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03-what-comes-later", true),
        ("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true),
    ])
    func readsOtherFlagsAndLaterVersions(text: String, isSampled: Bool) throws {
        let context = try #require(TraceContext(traceparent: text, tracestate: nil))
        #expect(context.isSampled == isSampled)
        // Sent on in our own version, without flags that it does not know.
        #expect(context.traceparent.hasPrefix("00-0af7651916cd43dd8448eb211c80319c-"))
        #expect(["00", "01", "03"].contains(context.traceparent.suffix(2)))
    }

    static let hostile = [
        "", "-", "00", "00-", "---", "00---01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "000-af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333 -01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-zz",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",
        " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n",
        "00-0af7651916cd43dd8448eb211c8031-9c-b7ad6b7169203331-01",
        "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
        "00-0\u{661}f7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
        "00-\u{0}af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        String(repeating: "a", count: 55), String(repeating: "-", count: 55),
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-" + String(repeating: "x", count: 100_000),
        String(repeating: "\u{1F600}", count: 14),
    ]

    @Test(arguments: hostile)
    func ignoresWhatDoesNotFollowTheStandard(text: String) {
        #expect(TraceContext(traceparent: text, tracestate: "a=1") == nil)
    }

    @Test(arguments: [
        ("a=1", "a=1"), (" a=1 ,\tb=2,, ", "a=1,b=2"), ("tenant@sys=x y", "tenant@sys=x y"), ("0a_-*/=!~", "0a_-*/=!~"),
        ("", ""),
    ])
    func passesStateOn(text: String, kept: String) throws {
        let context = try #require(TraceContext(traceparent: Self.valid, tracestate: text))
        #expect(context.state.description == kept)
    }

    @Test(arguments: [
        "a", "=1", "a=", "A=1", "a=1,a=2", "a=b=c", "a=\u{e4}", "a=1\r\nx: y", "_a=1", "a\u{0}=1",
        (0..<33).map { "k\($0)=v" }.joined(separator: ","),
        "a=" + String(repeating: "x", count: 257),
        (0..<10).map { "k\($0)=" + String(repeating: "v", count: 80) }.joined(separator: ","),
    ])
    func dropsAFalseStateAndKeepsTheTrace(text: String) throws {
        let context = try #require(TraceContext(traceparent: Self.valid, tracestate: text))
        #expect(context.state.isEmpty)
    }

    @Test func aSourceThatGivesOnlyZerosStillGivesIDs() {
        let zeros = RandomSource { 0 }
        #expect(TraceID(from: zeros).description == "00000000000000000000000000000001")
        #expect(SpanID(from: zeros).description == "0000000000000001")
    }
}
