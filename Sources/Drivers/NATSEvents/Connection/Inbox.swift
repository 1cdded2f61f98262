import AntidoteCore
import ConcurrencyKit
import DequeModule
import Synchronization

/// What lies between libnats' thread and a subscriber: bounded in messages and bytes, and the oldest go first.
final class Inbox: Sendable {
    private struct State {
        var messages: Deque<BusMessage> = []
        var bytes = 0
        /// Only while there are no messages.
        var readers = WaiterQueue<BusMessage?>()
        var isFinished = false

        mutating func popFirst() -> BusMessage? {
            let message = messages.popFirst()
            bytes -= message.map(Inbox.size) ?? 0
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
        let (reader, lost): (Wakeup?, Int) = state.withLock { state in
            guard !state.isFinished else { return (nil, 0) }
            if let reader = state.readers.handToFirst(message) { return (reader, 0) }
            state.messages.append(message)
            state.bytes += Self.size(message)
            var lost = 0
            while state.messages.count > maximumMessages || (state.bytes > maximumBytes && state.messages.count > 1) {
                _ = state.popFirst()
                lost += 1
            }
            return (nil, lost)
        }
        reader?()
        return lost
    }

    /// Nothing more comes; what is there may still be read.
    func finish() { end(keepingMessages: true) }

    /// Nothing more comes, and nothing more is read.
    func close() { end(keepingMessages: false) }

    private func next() async -> BusMessage? {
        let (message, reader): (BusMessage?, Waiter<BusMessage?>?) = state.withLock { state in
            if let message = state.popFirst() { return (message, nil) }
            return (nil, state.isFinished ? nil : state.readers.append())
        }
        guard let reader else { return message }
        // A reader that is cancelled ends the stream, as the inbox does.
        return try? await reader.value()
    }

    private func end(keepingMessages: Bool) {
        let readers = state.withLock { state in
            state.isFinished = true
            if !keepingMessages {
                state.messages = []
                state.bytes = 0
            }
            return state.readers.endAll(with: .success(nil))
        }
        for reader in readers { reader() }
    }

    /// What a message takes, about.
    private static func size(_ message: BusMessage) -> Int {
        let headers = message.headers.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 64 }
        return message.payload.count + message.subject.utf8.count + headers + 128
    }
}
