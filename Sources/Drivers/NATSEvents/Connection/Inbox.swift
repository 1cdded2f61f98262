import AntidoteCore
import Synchronization

/// What lies between libnats' thread and a subscriber: bounded in messages and bytes, and the oldest go first.
final class Inbox: Sendable {
    private struct State {
        /// From `first` on; what lies before it was taken.
        var messages: [BusMessage?] = []
        var first = 0
        var bytes = 0
        /// Only while there are no messages.
        var waiting: [CheckedContinuation<BusMessage?, Never>] = []
        var isFinished = false

        var count: Int { messages.count - first }

        mutating func removeFirst() -> BusMessage? {
            guard first < messages.count else { return nil }
            let message = messages[first]
            messages[first] = nil
            first += 1
            bytes -= message.map(Inbox.size) ?? 0
            if first > 64, first * 2 > messages.count {
                messages.removeFirst(first)
                first = 0
            }
            return message
        }
    }

    private let state = Mutex(State())
    private let maximumMessages: Int
    private let maximumBytes: Int

    init(maximumMessages: Int, maximumBytes: Int) {
        self.maximumMessages = maximumMessages
        self.maximumBytes = maximumBytes
    }

    /// What a reader of the stream is given. It ends with the inbox, and when its reader is cancelled.
    var stream: AsyncStream<BusMessage> {
        AsyncStream {
            await self.next()
        } onCancel: {
            self.close()
        }
    }

    /// - Returns: How many messages were lost for this one.
    func offer(_ message: BusMessage) -> Int {
        let (reader, lost): (CheckedContinuation<BusMessage?, Never>?, Int) = state.withLock { state in
            guard !state.isFinished else { return (nil, 0) }
            if !state.waiting.isEmpty { return (state.waiting.removeFirst(), 0) }
            state.messages.append(message)
            state.bytes += Self.size(message)
            var lost = 0
            while state.count > maximumMessages || (state.bytes > maximumBytes && state.count > 1) {
                _ = state.removeFirst()
                lost += 1
            }
            return (nil, lost)
        }
        reader?.resume(returning: message)
        return lost
    }

    /// Nothing more comes; what is there may still be read.
    func finish() { end(keepingMessages: true) }

    /// Nothing more comes, and nothing more is read.
    func close() { end(keepingMessages: false) }

    private func next() async -> BusMessage? {
        await withCheckedContinuation { continuation in
            let (message, mayWait) = state.withLock { state in
                if let message = state.removeFirst() { return (message as BusMessage?, false) }
                if state.isFinished { return (nil, false) }
                state.waiting.append(continuation)
                return (nil, true)
            }
            if !mayWait { continuation.resume(returning: message) }
        }
    }

    private func end(keepingMessages: Bool) {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            state.isFinished = true
            if !keepingMessages {
                state.messages = []
                state.first = 0
                state.bytes = 0
            }
            return state.waiting
        }
        for reader in waiting { reader.resume(returning: nil) }
    }

    /// What a message takes, about.
    private static func size(_ message: BusMessage) -> Int {
        let headers = message.headers.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 64 }
        return message.payload.count + message.subject.utf8.count + headers + 128
    }
}
