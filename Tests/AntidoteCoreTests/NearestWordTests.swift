import Testing

@testable import AntidoteCore

@Suite("The nearest word")
struct NearestWordTests {
    let lessons = ["hello-network", "shell-basics", "shell-pipes"]

    @Test(arguments: [
        ("hello-netwrok", "hello-network"), ("Hello-Network", "hello-network"), ("shel-basics", "shell-basics"),
        ("shell-pipe", "shell-pipes"), ("hello_network", "hello-network"),
    ])
    func findsWhatWasMeant(word: String, meant: String) {
        #expect(NearestWord.to(word, among: lessons) == meant)
    }

    @Test(arguments: ["", "routing", "x", "network"])
    func suggestsNothingThatIsUnlike(word: String) {
        #expect(NearestWord.to(word, among: lessons) == nil)
    }

    @Test func suggestsNothingWhereThereIsNothing() {
        #expect(NearestWord.to("hello", among: []) == nil)
    }

    @Test(arguments: [
        ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2), ("ab", "ba", 1),
    ])
    func countsChanges(left: String, right: String, distance: Int) {
        #expect(NearestWord.distance(Array(left.utf8), Array(right.utf8)) == distance)
        #expect(NearestWord.distance(Array(right.utf8), Array(left.utf8)) == distance)
    }
}
