#if SQLite
import AntidoteCore
import SQLiteState
import Testing

@Suite("Processes that write to one file of SQLite, and are killed")
struct SQLiteCrashTests {
    @Test("what was answered is there after kill -9, and nothing is half there", .timeLimit(.minutes(3)))
    func nothingIsLost() async throws {
        let file = FileUnderTest()
        let store = try await file.open()
        let path = file.directory.path("state/antidote.sqlite")
        for round in 0..<6 {
            let children = try ["one", "two"].map { try WritingChild(file: path, owner: "\($0)\(round)") }
            let answers = await withTaskGroup(of: [String].self) { group in
                for (index, child) in children.enumerated() {
                    group.addTask { await child.answers(killedAfter: 20 + 7 * index + round) }
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
            #expect(answers.count >= 40)
            for answer in answers {
                let parts = answer.split(separator: " ")
                let id = try EnvironmentID(validating: String(parts[0]))
                let count = try #require(Int64(parts[1]))
                let row = try #require(try await store.environment(id), "\(id) was answered, and is gone")
                #expect(row.eventCount >= count)
            }
        }
        // Also of what nobody was told.
        for row in try await store.environments(matching: EnvironmentFilter()) {
            let events = try await store.events(of: row.id, after: 0)
            #expect(events.map(\.sequence) == Array(1...row.eventCount))
        }
        #expect(try await store.check() == ["ok"])
        try await file.close()
    }
}
#endif
