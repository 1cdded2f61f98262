import Testing

@testable import PostgresState

@Suite struct FlatJSONTests {
    @Test(arguments: [
        [:], ["a": "b"], ["": ""], ["a": "b", "c": "d", "é\u{1F9EA}": "{}:,[]"], ["traceparent": "00-4bf92f-01"],
    ])
    func whatHasNoEscapesIsReadByHand(object: [String: String]) {
        #expect(FlatJSON.object(FlatJSON.text(object)) == object)
    }

    @Test(arguments: [["a": "\""], ["\\": "\n\u{1}"], ["a": "b", "\"": "\"\""]])
    func whatHasEscapesIsLeftToOthers(object: [String: String]) throws {
        let text = FlatJSON.text(object)
        #expect(FlatJSON.object(text) == nil)
        #expect(try RowJSON.value(text) == object)
    }

    @Test(arguments: [
        "", "{", "}", "[]", "null", #"{"a"}"#, #"{"a": 1}"#, #"{"a": "b",}"#, #"{"a": "b" "c": "d"}"#, #"{,"a": "b"}"#,
        #"{"a": {"b": "c"}}"#, #"{"a", "b"}"#, #"{"a": "b"}}"#, #"{"a": "b": "c": "d"}"#,
    ])
    func whatIsNoSuchObjectIsNotTakenForOne(text: String) {
        #expect(FlatJSON.object(text) == nil)
    }

    @Test func whatTheServerMakesOfItIsRead() {
        #expect(FlatJSON.object(#"{ "a" : "b",  "c": "d" }"#) == ["a": "b", "c": "d"])
    }
}
