import AntidoteCore
import AntidoteTesting
import InMemoryLogging
import Logging
import TelemetryExport
import Testing
import Tracing

@Suite(.timeLimit(.minutes(1))) struct ExporterTests {
    @Test func aBatchLeavesWhenItsFirstSpanHasWaitedLongEnough() async throws {
        let receiver = try OTLPReceiver()
        defer { receiver.stop() }
        let bench = try ExportBench(receiver) { $0.headers = ["Authorization": Secret("Bearer hunter2")] }
        try await bench.whileExporting {
            bench.span("one")
            await bench.clock.waitForSleepers(1)
            bench.span("two")
            #expect(receiver.all.isEmpty)
            bench.clock.advance(by: .seconds(1))
            let received = try #require(await receiver.requests.first { _ in true })
            #expect(received.line == "POST /v1/traces HTTP/1.1")
            #expect(received.headers["content-type"] == "application/json")
            #expect(received.headers["authorization"] == "Bearer hunter2")
            let request = try received.request()
            #expect(request.spans.map(\.name) == ["one", "two"])
            #expect(request.resourceSpans.first?.scopeSpans.first?.scope.name == "antidote")
            #expect(
                request.resource == [
                    "service.name": .string("antidote-test"), "service.version": .string("1.2.3"),
                    "service.instance.id": .string("copy-1"), "antidote.instance": .string("lab"),
                ]
            )
        }
        #expect(try receiver.distinctNames() == ["one", "two"])
        #expect(try bench.exported() == 2)
    }

    @Test func aFullBatchLeavesAtOnce() async throws {
        let receiver = try OTLPReceiver()
        defer { receiver.stop() }
        let bench = try ExportBench(receiver) { $0.batchSize = 3 }
        try await bench.whileExporting {
            for number in 1...7 { bench.span("\(number)") }
            // The clock stands still: the size alone sends these.
            #expect(await receiver.nextNames() == ["1", "2", "3"])
            #expect(await receiver.nextNames() == ["4", "5", "6"])
        }
        // The end sends what is left.
        #expect(try receiver.distinctNames() == ["1", "2", "3", "4", "5", "6", "7"])
        #expect(try bench.exported() == 7)
    }

    @Test func aFlushDoesNotWaitForMore() async throws {
        let receiver = try OTLPReceiver()
        defer { receiver.stop() }
        let bench = try ExportBench(receiver)
        try await bench.whileExporting {
            bench.span("one")
            await bench.clock.waitForSleepers(1)
            bench.tracer.forceFlush()
            #expect(await receiver.requests.first { _ in true } != nil)
        }
    }

    @Test func anOutageEndsWithoutLoss() async throws {
        let receiver = try OTLPReceiver(isOpen: false)
        defer { receiver.stop() }
        let bench = try ExportBench(receiver)
        try await bench.whileExporting {
            bench.span("before")
            await bench.clock.waitForSleepers(1)
            // Nobody listens: tried, and again after the pause.
            for _ in 0..<2 {
                bench.clock.advanceToNextDeadline()
                await bench.clock.waitForSleepers(1)
            }
            bench.span("meanwhile")
            try receiver.open()
            bench.clock.advanceToNextDeadline()
            #expect(await receiver.nextNames() == ["before"])
            await bench.clock.waitForSleepers(1)
            bench.clock.advanceToNextDeadline()
            #expect(await receiver.nextNames() == ["meanwhile"])
        }
        #expect(bench.sleeps.all.prefix(3) == [.seconds(1), .seconds(1), .seconds(2)])
        #expect(try bench.exported() == 2)
        #expect(try bench.counted().value("antidote_span_export_failed_requests_total") == 2)
        // Its beginning and its end, and not each request.
        #expect(bench.logs.entries.map(\.level) == [.warning, .notice])
    }

    @Test func whatFindsNoReceiverForLongIsDroppedAndCounted() async throws {
        let receiver = try OTLPReceiver { $0 < 3 ? .hangUp : .ok }
        defer { receiver.stop() }
        let bench = try ExportBench(receiver)
        try await bench.whileExporting {
            bench.span("lost")
            for _ in 0..<3 {
                await bench.clock.waitForSleepers(1)
                bench.clock.advanceToNextDeadline()
                #expect(await receiver.nextNames() == ["lost"])
            }
            bench.span("next")
            await bench.clock.waitForSleepers(1)
            bench.clock.advanceToNextDeadline()
            #expect(await receiver.nextNames() == ["next"])
        }
        #expect(try bench.dropped("unreachable") == 1)
        #expect(try bench.exported() == 1)
    }

    @Test func aFullBufferDropsTheNewestAndCountsThem() async throws {
        let receiver = try OTLPReceiver()
        defer { receiver.stop() }
        let bench = try ExportBench(receiver, capacity: 4)
        for number in 1...7 { bench.span("\(number)") }
        #expect(try bench.dropped("buffer_full") == 3)
        await bench.exportTheRest()
        #expect(try receiver.spans().map(\.name) == ["1", "2", "3", "4"])
        bench.span("late")
        #expect(try bench.dropped("after_end") == 1)
    }

    @Test(arguments: [
        ("429 Too Many Requests", "7", 7), ("503 Service Unavailable", "Tue, 14 Nov 2023 22:13:31 GMT", 10),
        ("502 Bad Gateway", "999999999", 60), ("504 Gateway Timeout", "0", 1), ("503 Service Unavailable", "-5", 1),
        ("503 Service Unavailable", "soon", 1), ("429 Too Many Requests", "99999999999999999999999", 1),
        ("429 Too Many Requests", "Sun, 06 Nov 1994 08:49:37 GMT", 1),
    ])
    func aBusyReceiverIsLeftAloneAsLongAsItAsks(status: String, asked: String, pause: Int) async throws {
        let receiver = try OTLPReceiver {
            $0 == 0 ? .status(status, headers: ["Retry-After: \(asked)"]) : .ok
        }
        defer { receiver.stop() }
        // The clock shows 2023-11-14 22:13:21 when the answer comes.
        let bench = try ExportBench(receiver)
        try await bench.whileExporting {
            bench.span("one")
            await bench.clock.waitForSleepers(1)
            bench.clock.advanceToNextDeadline()
            _ = await receiver.nextNames()
            await bench.clock.waitForSleepers(1)
            #expect(bench.sleeps.all == [.seconds(1), .seconds(pause)])
            bench.clock.advanceToNextDeadline()
            #expect(await receiver.nextNames() == ["one"])
        }
        #expect(try bench.exported() == 1)
    }

    @Test(arguments: ["400 Bad Request", "401 Unauthorized", "301 Moved Permanently", "500 Internal Server Error"])
    func whatIsRefusedIsNotSentAgain(status: String) async throws {
        let receiver = try OTLPReceiver { $0 == 0 ? .status(status, headers: ["Location: /elsewhere"]) : .ok }
        defer { receiver.stop() }
        let bench = try ExportBench(receiver) { $0.batchSize = 1 }
        try await bench.whileExporting {
            bench.span("refused")
            #expect(await receiver.nextNames() == ["refused"])
            bench.span("next")
            #expect(await receiver.nextNames() == ["next"])
        }
        #expect(try bench.dropped("refused") == 1)
        #expect(try bench.exported() == 1)
        #expect(bench.logs.entries.first?.message.description.contains("status \(status.prefix(3))") == true)
    }

    @Test(arguments: [
        (#"{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}"#, 2.0),
        (#"{"partialSuccess":{"rejectedSpans":1}}"#, 1), (#"{"partialSuccess":{}}"#, 0), ("", 0), ("<html>", 0),
        (#"{"partialSuccess":{"rejectedSpans":"-4"}}"#, 0), (#"{"partialSuccess":{"rejectedSpans":"99"}}"#, 3),
    ])
    func whatIsRejectedOfABatchIsCounted(body: String, rejected: Double) async throws {
        let receiver = try OTLPReceiver { _ in .status("200 OK", body: body) }
        defer { receiver.stop() }
        let bench = try ExportBench(receiver)
        for number in 1...3 { bench.span("\(number)") }
        await bench.exportTheRest()
        #expect(try bench.dropped("refused") == rejected)
        #expect(try bench.exported() == 3 - rejected)
    }
}
