import Testing

@testable import AntidoteCommands

@Suite("Names in a report for code scanning")
struct ValidateCommandTests {
    @Test(arguments: [
        ("Examples/curriculum", "Examples/curriculum"), ("./Examples//curriculum/", "Examples/curriculum"), (".", ""),
        ("/repository/lessons", "lessons"), ("a/../b", "b"), ("..", ""), ("../other", ""), ("/elsewhere", ""),
        ("/repository2/lessons", ""), ("with space", "with space"),
    ])
    func aDirectoryIsNamedFromWhereTheProgramWasStarted(directory: String, name: String) {
        #expect(ValidateCommand.name(of: directory, from: "/repository") == name)
    }
}
