import AntidoteCore
import Testing

@Suite("Deadlines", .timeLimit(.minutes(1)))
struct DeadlineTests {
    @Test func aDeadlineCancelsAndIsNamed() async {
        let late = AntidoteError(.deadlineExceeded, "late")
        let error = await #expect(throws: AntidoteError.self) {
            try await TimeSource.system.withDeadline(.milliseconds(20), onTimeout: late) {
                try await Task.sleep(for: .seconds(60))
            }
        }
        #expect(error?.code == .deadlineExceeded)
    }

    @Test func whoeverIsCancelledCancelsWhatItWaitsFor() async throws {
        let time = TimeSource.system
        let late = AntidoteError(.deadlineExceeded, "late")
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            try await time.withDeadline(.seconds(60), onTimeout: late) {
                beginning.yield()
                try await Task.sleep(for: .seconds(60))
            }
        }
        for await _ in began { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func aShieldIsNotReachedByCancellationButByItsLimit() async {
        let time = TimeSource.system
        let late = AntidoteError(.storeUnavailable, "late")
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            let value = try await time.shielded(atMost: .seconds(30), onTimeout: late) {
                await Task.yield()
                try Task.checkCancellation()
                return 7
            }
            #expect(value == 7)
            try await time.shielded(atMost: .milliseconds(20), onTimeout: late) {
                try await Task.sleep(for: .seconds(60))
            }
        }
        let error = await #expect(throws: AntidoteError.self) { try await task.value }
        #expect(error?.code == .storeUnavailable)
    }
}
