import Testing

@testable import HTTPTransport

@Suite struct LineSplitterTests {
    @Test(arguments: 1...8)
    func cutsLinesWhereverThePiecesEnd(size: Int) throws {
        var splitter = LineSplitter(limit: 5)
        var lines: [String] = []
        let bytes = Array("one\r\n\nthree\nfour\r\nlast".utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            splitter.append(Array(bytes[start..<min(start + size, bytes.count)]))
            while let line = try splitter.next() { lines.append(text(line)) }
        }
        if let line = try splitter.finish() { lines.append(text(line)) }
        #expect(lines == ["one", "", "three", "four", "last"])
    }

    @Test(arguments: ["123456\n", "123456", "1234567", "ok\n123456\n"])
    func refusesALongLine(input: String) {
        var splitter = LineSplitter(limit: 5)
        splitter.append(Array(input.utf8))
        let error = #expect(throws: HTTPTransportError.self) {
            while let line = try splitter.next() { #expect(line.count <= 5) }
            _ = try splitter.finish()
        }
        #expect(error?.code == .lineTooLong)
    }

    @Test func acceptsALineOfExactlyTheLimit() throws {
        var splitter = LineSplitter(limit: 5)
        splitter.append(Array("12345\r".utf8))
        #expect(try splitter.next() == nil)
        splitter.append(Array("\n".utf8))
        #expect(try splitter.next() == Array("12345".utf8))
        #expect(try splitter.finish() == nil)
    }
}

@Suite struct HeadParserTests {
    private func feed(_ lines: [String], limit: Int = 1000) -> HeadParser.Step? {
        var parser = HeadParser(limit: limit)
        var last: HeadParser.Step?
        for line in lines { last = parser.feed(Array((line + "\r\n").utf8)) }
        return last
    }

    @Test func readsAHead() {
        let step = feed(["HTTP/1.1 404 Not Found", "Content-Type:  text/plain \t", "X-A: 1", "x-a: 2", "Empty:", ""])
        guard case .head(let head) = step else {
            Issue.record("\(String(describing: step))")
            return
        }
        #expect(head.status == 404)
        #expect(head.headers["content-TYPE"] == "text/plain")
        #expect(head.headers.values(of: "X-a") == ["1", "2"])
        #expect(head.headers["empty"]?.isEmpty == true)
        #expect(head.headers["absent"] == nil)
    }

    @Test func skipsInterimAnswersAndTrailers() {
        var parser = HeadParser(limit: 1000)
        for line in ["HTTP/1.1 100 Continue\r\n", "\r\n", "HTTP/1.1 200\r\n"] {
            #expect(parser.feed(Array(line.utf8)) == .more)
        }
        #expect(parser.feed(Array("\r\n".utf8)) == .head(HTTPResponseHead(status: 200, headers: [:])))
        #expect(parser.feed(Array("Trailer: x\r\n".utf8)) == .more)
    }

    @Test(arguments: ["HTTP/2 200", "HTTP/1.1 20", "HTTP/1.1 abc", "HTTP/1.1 +20", "SSH-2.0-OpenSSH", ""])
    func refusesWhatIsNotHTTP(line: String) {
        #expect(feed([line]) == .malformed)
    }

    @Test func countsAllLines() {
        #expect(feed(["HTTP/1.1 200 OK"] + Array(repeating: "A: b", count: 20), limit: 100) == .tooLarge)
    }
}

@Suite struct RequestTests {
    @Test func encodesComponentsAndQuery() throws {
        let path = try HTTPPath.encode(
            ["v1.41", "images", "a/b:1 ü", "json"],
            query: [("filters", #"{"a":["b&c"]}"#), ("all", "1")]
        )
        #expect(
            path == "/v1.41/images/a%2Fb%3A1%20%C3%BC/json?filters=%7B%22a%22%3A%5B%22b%26c%22%5D%7D&all=1"
        )
        #expect(try HTTPPath.encode([]) == "/")
    }

    @Test(arguments: ["", ".", ".."])
    func refusesComponentsThatMove(component: String) {
        #expect(throws: HTTPTransportError.self) { try HTTPPath.encode(["a", component]) }
    }

    @Test func leavesQueryValuesOut() {
        let request = HTTPRequest(.get, "/a/b?token=hunter2&bare&x=1")
        #expect(request.summary == "GET /a/b?token=…&…&x=…")
    }

    @Test(arguments: ["", "a", "/a b", "/a\r\nX: y", "/a\nb", "/ä", "/a#b", "/\u{0}", "http://other/"])
    func refusesPaths(path: String) {
        let error = #expect(throws: HTTPTransportError.self) { try HTTPRequest(.get, path).validate() }
        #expect(error?.code == .invalidRequest)
    }

    @Test(arguments: [
        ("X-A", "secret\r\nX-B: 1"), ("X-A", "secret\n"), ("X-A", "secret\u{0}"), ("X-A\r\nB", "secret"),
        ("X A", "secret"), ("", "secret"), ("X:A", "secret"), ("Content-Length", "secret"),
        ("transfer-encoding", "secret"),
    ])
    func refusesHeadersWithoutRepeatingTheirValues(name: String, value: String) {
        let request = HTTPRequest(.get, "/", headers: [name: value])
        let error = #expect(throws: HTTPTransportError.self) { try request.validate() }
        #expect(error?.code == .invalidRequest)
        #expect(error?.description.contains("secret") == false)
    }

    @Test(arguments: ["", "GE T", "GET\r\n"])
    func refusesMethods(method: String) {
        #expect(throws: HTTPTransportError.self) { try HTTPRequest(HTTPMethod(rawValue: method), "/").validate() }
    }

    @Test func configurationIsChecked() {
        let long = String(repeating: "x", count: 200)
        let bases: [HTTPClientConfiguration.Base] = [
            .unixSocket(path: ""), .unixSocket(path: "/" + long), .tcp(host: "", port: 80),
            .tcp(host: "a/b", port: 80), .tcp(host: "user@host", port: 80), .tcp(host: "a", port: 0),
            .tls(host: "a", port: 65536, TLSSettings()),
        ]
        for base in bases {
            let error = #expect(throws: HTTPTransportError.self) {
                try HTTPClient(configuration: HTTPClientConfiguration(base: base))
            }
            #expect(error?.code == .invalidRequest)
        }
        #expect(HTTPClientConfiguration(base: .tcp(host: "::1", port: 80)).origin == "http://[::1]:80")
    }

    @Test func keysAreNotDescribed() {
        let settings = TLSSettings(clientCertificate: [77, 77, 77], clientKey: [99, 99, 99])
        var dumped = ""
        dump(HTTPClientConfiguration.Base.tls(host: "a", port: 1, settings), to: &dumped)
        #expect(!dumped.contains("99") && !"\(settings)".contains("99") && !String(reflecting: settings).contains("99"))
    }
}

@Suite struct TransferLimitsTests {
    private let start = ContinuousClock.now

    @Test func deadlineAndSilence() {
        let limits = TransferLimits(deadline: start + .seconds(10), idle: .seconds(3))
        #expect(limits.verdict(now: start, lastActivity: start) == .goOn(until: start + .seconds(3)))
        #expect(limits.verdict(now: start + .seconds(3), lastActivity: start) == .stalled)
        #expect(
            limits.verdict(now: start + .seconds(9), lastActivity: start + .seconds(8))
                == .goOn(until: start + .seconds(10))
        )
        #expect(limits.verdict(now: start + .seconds(10), lastActivity: start + .seconds(9)) == .timedOut)
    }

    @Test func silenceCountsOnlyInTheServersTurn() {
        let limits = TransferLimits(deadline: nil, idle: .seconds(3))
        let now = start + .seconds(100)
        #expect(limits.verdict(now: now, lastActivity: nil) == .goOn(until: now + .seconds(3)))
        #expect(TransferLimits(deadline: nil, idle: nil).verdict(now: now, lastActivity: start) == .goOn(until: nil))
    }

    @Test func millisecondsAreRoundedUpAndBounded() {
        #expect(Duration.microseconds(1).milliseconds == 1)
        #expect(Duration.seconds(2).milliseconds == 2000)
        #expect(Duration.seconds(-1).milliseconds == 0)
        #expect(Duration.seconds(Int64.max).milliseconds == 2_000_000_000)
    }
}
