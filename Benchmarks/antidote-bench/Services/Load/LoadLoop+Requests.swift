import AntidoteCore

extension WebRequest {
    /// Asks for the lesson of the benchmark.
    static func lesson(token: String) -> WebRequest {
        WebRequest("POST", "/v1/livelessons", token: token, body: #"{"lesson": "\#(BenchLesson.slug)"}"#)
    }
}

extension LoadLoop {
    /// Returns the tokens of `count` new sessions.
    func openSessions(_ count: Int) throws -> [String] {
        for index in 0..<count { ask(WebRequest("POST", "/v1/sessions"), for: index) }
        var tokens: [String] = []
        while tokens.count < count {
            for case .answer(let answer, asker: _) in try turn(atMost: .seconds(10)) {
                guard answer.status == 201, let token = answer.text(after: Array(#""token":""#.utf8)) else {
                    throw AntidoteError(.internalFault, "no session is opened: status \(answer.status)")
                }
                tokens.append(token)
            }
        }
        return tokens
    }

    /// Each session asks for the lesson once, `count` at once, for so long. Returns how many were accepted a second.
    func admissions(of tokens: [String], atOnce count: Int, for time: Duration) throws -> Double {
        let start = ContinuousClock.now
        var (next, answered) = (0, 0)
        var seconds: Double?
        while answered < next || seconds == nil {
            while seconds == nil, next < tokens.count, next - answered < count {
                ask(.lesson(token: tokens[next]), for: next)
                next += 1
            }
            for case .answer(let answer, asker: _) in try turn(atMost: .milliseconds(100)) {
                guard answer.status == 201 else {
                    throw AntidoteError(.internalFault, "a request was not accepted: status \(answer.status)")
                }
                answered += 1
            }
            let passed = start.duration(to: .now)
            if seconds == nil, passed >= time || answered == tokens.count { seconds = passed / .seconds(1) }
            if passed > time + .seconds(20) { throw AntidoteError(.deadlineExceeded, "admissions are not answered") }
        }
        // Those under way at the end came in time.
        return Double(answered) / (start.duration(to: .now) / .seconds(1))
    }
}
