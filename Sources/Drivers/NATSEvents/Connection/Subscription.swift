import AntidoteCore
import Synchronization

/// What somebody listens to, over all connections that the bus has in its time.
final class Subscription: Sendable {
    let pattern: String
    let queue: String?
    let inbox: Inbox
    private let current = Mutex<ServerSubscription?>(nil)

    init(_ pattern: SubjectPattern, queue: String?, inbox: Inbox) {
        self.pattern = pattern.description
        self.queue = queue
        self.inbox = inbox
    }

    /// The server's part of it on the connection that is up; the one before goes.
    func set(_ subscription: ServerSubscription?) {
        let before = current.withLock { current in
            defer { current = subscription }
            return current
        }
        before?.end()
    }

    /// Nothing new is sent any more, and what has come goes to the inbox. Does not wait.
    func drain(within limit: Duration) {
        current.withLock { $0 }?.drain(within: limit)
    }
}
