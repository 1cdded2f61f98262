import AntidoteCore
import Testing

@testable import AntidoteCommands

@Suite("Progress in words")
struct ProgressTextTests {
    let text = ProgressText(endpoints: ["web", "workstation"])

    @Test func alignsTheEndpointsInLessonOrder() {
        let snapshot = ProgressSnapshot(
            environment: EnvironmentID(unchecked: "a"),
            endpoints: ["workstation": .pulling(done: 12_345_678, total: 67_108_864), "other": .running]
        )
        #expect(
            text.lines(snapshot) == [
                "  web          waiting",
                "  workstation  pulling  12.3 of 67.1 MB",
            ]
        )
    }

    @Test(arguments: [
        (EndpointProgress.waiting, "waiting"), (.pulling(done: 99_999, total: nil), "pulling  0.0 MB"),
        (.pulling(done: 100_000, total: 2_000_000_000), "pulling  0.1 of 2000.0 MB"), (.starting, "starting"),
        (.running, "running"), (.reachable, "reachable"), (.configuring, "configuring"), (.configured, "configured"),
        (.restarting(reason: "out of memory"), "restarting: out of memory"),
    ])
    func hasWordsForEverything(progress: EndpointProgress, words: String) {
        #expect(ProgressText.words(progress) == words)
    }

    @Test func bytesAreNoNewKindOfProgress() {
        let kinds = [
            EndpointProgress.pulling(done: 1, total: 2), .pulling(done: 2, total: 2), .pulling(done: 2, total: nil),
        ]
        #expect(Set(kinds.map(ProgressText.kind)).count == 1)
        #expect(ProgressText.kind(.restarting(reason: "a")) != ProgressText.kind(.restarting(reason: "b")))
        #expect(ProgressText.kind(.running) != ProgressText.kind(.reachable))
    }
}
