import AntidoteCore
import Synchronization

extension BusMutant {
    public static let all: [BusMutant] = delivery + queues + content + lifetimes + trouble

    private static let delivery: [BusMutant] = [
        BusMutant("tells one subscriber only", ["delivery/everybody", "queue/beside"]) { $0.queue = { $0 ?? "all" } },
        BusMutant("loses every second message", ["delivery/everybody"], with: losingEverySecond),
        BusMutant("takes “*” for “>”", ["delivery/wildcards"]) { mutation in
            mutation.pattern = { SubjectPattern($0.description == "a.*.c" ? "a.>" : $0.description) }
        },
        BusMutant("matches everything", ["delivery/outside", "delivery/instances"]) { mutation in
            mutation.pattern = { _ in SubjectPattern(">") }
        },
        BusMutant("begins before the server knows of it", ["delivery/live"]) { $0.ending = .lateBegin },
        BusMutant("exchanges two messages", ["delivery/order"]) { mutation in
            mutation.stream = { stream, _ in
                changing(stream) { index, message, give in
                    // Held back until the next has gone.
                    if index == 3 { return [] }
                    return index == 4 ? [message, give] : [message]
                }
            }
        },
        BusMutant("tells messages twice", ["delivery/order", "queue/once"]) { mutation in
            mutation.stream = { stream, _ in changing(stream) { _, message, _ in [message, message] } }
        },
        BusMutant("forgets subscriptions beyond the sixtieth", ["delivery/many"]) { facts in
            BusMutation { mutation in
                mutation.stream = { stream, _ in
                    let number = facts.memory.withLock { memory in
                        memory.subscriptions += 1
                        return memory.subscriptions
                    }
                    return number > 60 ? changing(stream) { _, _, _ in [] } : stream
                }
            }
        },
    ]

    private static let queues: [BusMutant] = [
        BusMutant("knows no queues", ["queue/once", "queue/beside"]) { $0.queue = { _ in nil } },
        BusMutant("has one queue for all", ["queue/beside"]) { $0.queue = { $0.map { _ in "q" } } },
        BusMutant("gives one member of a queue nothing", ["queue/once"]) { facts in
            BusMutation { mutation in
                mutation.stream = { stream, queue in
                    guard queue != nil else { return stream }
                    let number = facts.memory.withLock { memory in
                        memory.subscriptions += 1
                        return memory.subscriptions
                    }
                    return number == 2 ? changing(stream) { _, _, _ in [] } : stream
                }
            }
        },
        BusMutant("keeps who has left", ["queue/leaver", "lifetime/end", "lifetime/again-and-again"]) {
            $0.ending = .never
        },
    ]

    private static let content: [BusMutant] = [
        BusMutant("takes payloads for text", ["content/bytes"]) { mutation in
            mutation.publish = { bus, message in
                var message = message
                message.payload = Array(String(decoding: message.payload, as: UTF8.self).utf8)
                try await bus.publish(message)
            }
        },
        BusMutant("loses headers", ["content/headers"]) { mutation in
            mutation.publish = { bus, message in
                try await bus.publish(BusMessage(subject: message.subject, payload: message.payload))
            }
        },
        BusMutant("writes headers in lower case", ["content/headers"]) { mutation in
            mutation.publish = { bus, message in
                let pairs = message.headers.map { ($0.key.lowercased(), $0.value) }
                let headers = Dictionary(pairs) { first, _ in first }
                try await bus.publish(
                    BusMessage(subject: message.subject, payload: message.payload, headers: headers)
                )
            }
        },
        BusMutant("refuses a message for its headers", ["content/bad-headers"]) { mutation in
            mutation.publish = { bus, message in
                guard !message.headers.keys.contains("") else { throw AntidoteError(.messageRefused, "no name") }
                try await bus.publish(message)
            }
        },
        BusMutant("repairs what is too large", ["content/too-large"]) { facts in
            BusMutation { mutation in
                mutation.publish = { bus, message in
                    var message = message
                    message.payload = Array(message.payload.prefix(facts.limits.payloadBytes))
                    try await bus.publish(message)
                }
            }
        },
        BusMutant("repairs subjects", ["content/subjects"]) { mutation in
            mutation.publish = { bus, message in
                var message = message
                message.subject = message.subject.replacing(" ", with: "_")
                try await bus.publish(message)
            }
        },
        BusMutant("repairs patterns", ["content/subjects"]) { mutation in
            mutation.pattern = { SubjectPattern($0.description.replacing(" ", with: "_")) }
        },
        BusMutant("repairs names of queues", ["content/subjects"]) { mutation in
            mutation.queue = { $0?.replacing(" ", with: "_") }
        },
        BusMutant("ends with the first message that it does not like", ["content/strangers"]) { mutation in
            mutation.stream = { stream, _ in
                AsyncStream { continuation in
                    let task = Task {
                        for await message in stream {
                            guard message.payload.first != UInt8(ascii: "x") else { break }
                            continuation.yield(message)
                        }
                        continuation.finish()
                    }
                    continuation.onTermination = { _ in task.cancel() }
                }
            }
        },
        BusMutant("counts nothing", ["content/strangers", "slow/counted"], countsDrops: false),
    ]

    private static let lifetimes: [BusMutant] = [
        BusMutant("hears of a cancellation late", ["lifetime/cancelled-subscriber"]) {
            $0.ending = .lateCancellation(.seconds(2))
        },
        BusMutant("hears of a publisher's cancellation late", ["lifetime/cancelled-publisher"]) { mutation in
            mutation.publish = { bus, message in try await Task { try await bus.publish(message) }.value }
        },
        BusMutant("loses the newest", ["slow/oldest"]) { facts in
            buffering(facts, .bufferingOldest(facts.limits.pendingMessages))
        },
        BusMutant("buffers without end", ["slow/oldest"]) { facts in buffering(facts, .unbounded) },
        BusMutant("takes nothing while somebody is slow", ["slow/others"]) { facts in
            BusMutation { mutation in
                mutation.publish = { bus, message in
                    let isSlow = facts.memory.withLock { memory in
                        memory.published += 1
                        return memory.published > facts.limits.pendingMessages
                    }
                    if isSlow { try await Task.sleep(for: .seconds(60)) }
                    try await bus.publish(message)
                }
            }
        },
    ]

    private static let trouble: [BusMutant] = [
        BusMutant("forgets subscriptions with the connection", ["trouble/restart", "trouble/cut"]) { facts in
            BusMutation { mutation in
                mutation.stream = { stream, _ in
                    changing(stream) { _, message, _ in facts.wasDisturbed ? [] : [message] }
                }
            }
        },
        BusMutant("pretends to have published", ["trouble/gone", "trouble/frozen"]) { mutation in
            mutation.publish = { bus, message in
                do { try await bus.publish(message) } catch let error as AntidoteError
                    where error.code == .busUnavailable
                {}
            }
        },
        BusMutant("tries for ever", ["trouble/gone", "trouble/frozen"]) { mutation in
            mutation.publish = { bus, message in
                while true {
                    do {
                        return try await bus.publish(message)
                    } catch let error as AntidoteError where error.code == .busUnavailable {
                        try await Task.sleep(for: .milliseconds(20))
                    }
                }
            }
        },
        BusMutant("sends late what had failed", ["trouble/gone"]) { facts in
            BusMutation { mutation in
                mutation.publish = { bus, message in
                    do {
                        try await bus.publish(message)
                        for kept in facts.memory.withLock({ $0.kept }) { try await bus.publish(kept) }
                    } catch {
                        facts.memory.withLock { $0.kept = [message] }
                        throw error
                    }
                }
            }
        },
        BusMutant("pretends to listen", ["trouble/deaf"]) { $0.ending = .pretendedBegin },
    ]

    private static let losingEverySecond: @Sendable (EventBusFacts) -> BusMutation = { facts in
        BusMutation { mutation in
            mutation.publish = { bus, message in
                let number = facts.memory.withLock { memory in
                    memory.published += 1
                    return memory.published
                }
                if number % 2 == 1 { try await bus.publish(message) }
            }
        }
    }

    /// Each message becomes what `change` makes of it, of its number from 0, and of the one before.
    private static func changing(
        _ stream: AsyncStream<BusMessage>,
        _ change: @escaping @Sendable (Int, BusMessage, BusMessage) -> [BusMessage]
    ) -> AsyncStream<BusMessage> {
        AsyncStream { continuation in
            let task = Task {
                var (index, last) = (0, BusMessage(subject: "", payload: []))
                for await message in stream {
                    for changed in change(index, message, last) { continuation.yield(changed) }
                    (index, last) = (index + 1, message)
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// A buffer of its own behind that of the right bus, which is empty again before the next message is published.
    private static func buffering(
        _ facts: EventBusFacts,
        _ policy: AsyncStream<BusMessage>.Continuation.BufferingPolicy
    ) -> BusMutation {
        BusMutation { mutation in
            mutation.publish = { bus, message in
                facts.memory.withLock { $0.sent[message.subject, default: 0] += 1 }
                try await bus.publish(message)
                while !Task.isCancelled,
                    facts.memory.withLock({
                        $0.taken[message.subject, default: 0] < $0.sent[message.subject, default: 0]
                    })
                {
                    await Task.yield()
                }
            }
            mutation.stream = { stream, _ in
                AsyncStream(bufferingPolicy: policy) { continuation in
                    let task = Task {
                        for await message in stream {
                            continuation.yield(message)
                            facts.memory.withLock { $0.taken[message.subject, default: 0] += 1 }
                        }
                        continuation.finish()
                    }
                    continuation.onTermination = { _ in task.cancel() }
                }
            }
        }
    }
}
