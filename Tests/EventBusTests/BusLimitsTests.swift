import AntidoteCore
import Testing

@Suite("What a bus carries")
struct BusLimitsTests {
    @Test(arguments: ["a", "a.b", "antidote.one.livelesson.new", "$a", "a-b_c.0", "~!"])
    func legalSubjects(_ subject: String) throws {
        let message = BusMessage(subject: subject, payload: [1])
        #expect(try message.carried(within: BusLimits()) == message)
        try SubjectPattern(subject).validate(queue: subject)
    }

    @Test(arguments: ["", ".", "a.", ".a", "a..b", "a b", "a\n", "\u{0}", "ä", "a*", "*a", "a.b>", "a\u{7F}"])
    func illegalSubjects(_ subject: String) {
        let message = BusMessage(subject: subject, payload: [])
        #expect(refusal { _ = try message.carried(within: BusLimits()) } == .messageRefused)
        #expect(refusal { try SubjectPattern(subject).validate(queue: nil) } == .messageRefused)
        #expect(refusal { try SubjectPattern("a").validate(queue: subject) } == .messageRefused)
    }

    @Test(arguments: ["*", ">", "a.*", "*.a", "a.*.>", "*.*"])
    func patternsOnly(_ pattern: String) throws {
        try SubjectPattern(pattern).validate(queue: nil)
        let message = BusMessage(subject: pattern, payload: [])
        #expect(refusal { _ = try message.carried(within: BusLimits()) } == .messageRefused)
    }

    @Test func aWildcardForTheRestStandsAtTheEnd() {
        #expect(refusal { try SubjectPattern(">.a").validate(queue: nil) } == .messageRefused)
    }

    @Test func theErrorsDoNotRepeatWhatWasWritten() throws {
        let message = BusMessage(subject: "hunter2 hunter2", payload: [])
        let error = #expect(throws: AntidoteError.self) { try message.carried(within: BusLimits()) }
        #expect(try !#require(error).debugDescription.contains("hunter2"))
    }

    @Test func headersFillTheLimitsInOrder() throws {
        let limits = BusLimits(headers: 2, headerBytes: 10)
        let message = BusMessage(subject: "a", payload: [], headers: ["a": "12345678", "b": "123", "c": "1"])
        #expect(try message.carried(within: limits).headers == ["a": "12345678"])
        let small = BusMessage(subject: "a", payload: [], headers: ["a": "1", "b": "1", "c": "1"])
        #expect(try small.carried(within: limits).headers == ["a": "1", "b": "1"])
    }

    private func refusal(_ act: () throws -> Void) -> AntidoteError.Code? {
        do {
            try act()
            return nil
        } catch {
            return (error as? AntidoteError)?.code
        }
    }
}
