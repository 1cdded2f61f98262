import SecretCanaries
import Testing

/// What programs print is watched for secrets: here one prints what the watch must see.
@Suite("What programs print", .timeLimit(.minutes(1)))
struct WatchTests {
    @Test func aProgramSaysWhatItCannotFind() async throws {
        let word = Canary.shown(in: "programs")
        let finished = try await Program().run("validate", "/nonexistent/\(word)")
        #expect("\(finished.output)\(finished.errors)".contains(word), "\(finished)")
    }
}
