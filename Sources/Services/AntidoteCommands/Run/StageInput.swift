import Foundation

/// Stage numbers that somebody types.
enum StageInput {
    /// Whole lines of standard input, until it ends.
    static func lines() -> AsyncStream<String> {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingOldest(16))
        // A thread, because reading a terminal blocks, and nothing else can wait for one everywhere.
        Thread.detachNewThread {
            while let line = readLine() { continuation.yield(line) }
            continuation.finish()
        }
        return stream
    }
}
