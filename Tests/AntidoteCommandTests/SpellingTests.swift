import Testing

@testable import AntidoteHost

@Suite("Spelling")
struct SpellingTests {
    let lessons = ["hello-network", "shell-basics", "shell-pipes"]

    @Test(arguments: [
        ("hello-netwrok", "hello-network"), ("Hello-Network", "hello-network"), ("shel-basics", "shell-basics"),
        ("shell-pipe", "shell-pipes"), ("hello_network", "hello-network"),
    ])
    func findsWhatWasMeant(word: String, meant: String) {
        #expect(Spelling.nearest(to: word, among: lessons) == meant)
    }

    @Test(arguments: ["", "routing", "x", "network"])
    func suggestsNothingThatIsUnlike(word: String) {
        #expect(Spelling.nearest(to: word, among: lessons) == nil)
    }

    @Test func suggestsNothingWhereThereIsNothing() {
        #expect(Spelling.nearest(to: "hello", among: []) == nil)
    }

    @Test(arguments: [
        ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2), ("ab", "ba", 2),
    ])
    func countsChanges(left: String, right: String, distance: Int) {
        #expect(Spelling.distance(left, right) == distance)
        #expect(Spelling.distance(right, left) == distance)
    }
}
