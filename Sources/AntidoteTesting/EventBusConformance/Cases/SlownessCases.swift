import AntidoteCore

extension EventBusCase {
    static let slownessCases: [EventBusCase] = [
        EventBusCase(.slow, "oldest", "a subscriber that is too slow loses the oldest messages, and no other") {
            scene in
            try await overrun(by: 50, scene) { stream in
                var iterator = stream.makeAsyncIterator()
                var heard: [String] = []
                while heard.last != "\(scene.limits.pendingMessages + 50)" {
                    guard let message = await iterator.next() else { break }
                    heard.append(String(decoding: message.payload, as: UTF8.self))
                }
                let wanted = (1...scene.limits.pendingMessages).map { String($0 + 50) }
                try require(
                    heard == wanted,
                    "wanted \(wanted.count) messages from 51 on, heard \(heard.count) from \(heard.first ?? "none") on"
                )
            }
        },
        EventBusCase(.slow, "counted", "every message that is lost is counted", needs: [.countDrops]) { scene in
            try await overrun(by: 50, scene) { _ in
                try require(try await scene.world.droppedMessages(), is: 50, "how many were counted as lost")
            }
        },
        EventBusCase(.slow, "others", "a subscriber that is too slow holds up neither the publisher nor the others") {
            scene in
            let (bus, other, sender) = (try await scene.bus(), try await scene.bus(), try await scene.bus())
            try await bus.withSubscription(to: SubjectPattern("a"), queue: nil) { _ in
                try await scene.listening([(bus, "a", nil), (other, "a", nil)]) { listeners in
                    let step = max(1, scene.limits.pendingMessages / 4)
                    for round in 0..<8 {
                        for number in 1...step {
                            try await sender.publish(scene.message("a", "\(round * step + number)"))
                        }
                        for listener in listeners { try await listener.hears((round + 1) * step) }
                    }
                    for listener in listeners {
                        try require(listener.texts, is: (1...(8 * step)).map(String.init), "what a quick one heard")
                    }
                }
            }
        },
    ]

    /// A subscriber that reads nothing while more is published than it may be behind, and `body` when all of that came.
    private static func overrun(
        by count: Int,
        _ scene: EventBusScene,
        _ body: @escaping @Sendable (AsyncStream<BusMessage>) async throws -> Void
    ) async throws {
        let (bus, sender) = (try await scene.bus(), try await scene.bus())
        try await bus.withSubscription(to: SubjectPattern("a"), queue: nil) { slow in
            try await scene.listening(bus, "end") { listener in
                for number in 1...(scene.limits.pendingMessages + count) {
                    try await sender.publish(scene.message("a", "\(number)"))
                }
                // On the same connection, what is published later comes later.
                try await sender.publish(scene.message("end", "end"))
                try await listener.hears(last: "end")
                try await body(slow)
            }
        }
    }
}
