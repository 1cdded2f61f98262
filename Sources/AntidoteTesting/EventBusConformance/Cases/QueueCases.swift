import AntidoteCore

extension EventBusCase {
    static let queueCases: [EventBusCase] = [
        EventBusCase(.queue, "once", "of a queue's members one hears each message, and not always the same") { scene in
            let (one, other, sender) = (try await scene.bus(), try await scene.bus(), try await scene.bus())
            try await scene.listening([(one, "a", "q"), (one, "a", "q"), (other, "a", "q"), (one, "a", nil)]) {
                listeners in
                // A plain subscriber of the same bus tells when the last has come.
                try await send(60, to: "a", with: sender, scene, whenHeardBy: listeners)
                let members = listeners.dropLast().map(\.texts)
                try require(members.joined().sorted(), is: texts(60), "what the members heard together")
                try require(!members.contains([]), "one member of three heard nothing of 60 messages")
            }
        },
        EventBusCase(.queue, "beside", "each queue hears each message once, and plain subscribers hear all") { scene in
            let (one, other, sender) = (try await scene.bus(), try await scene.bus(), try await scene.bus())
            let places: [(any EventBus, String, String?)] = [
                (one, "a", "q"), (other, "a", "q"), (one, "*", "r"), (other, ">", "r"), (one, "a", nil),
                (other, "a", nil),
            ]
            try await scene.listening(places.map { (bus: $0.0, pattern: $0.1, queue: $0.2) }) { listeners in
                try await send(30, to: "a", with: sender, scene, whenHeardBy: listeners)
                let heard = listeners.map(\.texts)
                try require((heard[0] + heard[1]).sorted(), is: texts(30), "what the first queue heard")
                try require((heard[2] + heard[3]).sorted(), is: texts(30), "what the second queue heard")
                for plain in heard[4...] { try require(plain.sorted(), is: texts(30), "what a plain subscriber heard") }
            }
        },
        EventBusCase(.queue, "leaver", "who has left a queue takes nothing from those who stay") { scene in
            let (one, other, sender) = (try await scene.bus(), try await scene.bus(), try await scene.bus())
            try await scene.listening(one, "a", queue: "q") { stayer in
                for number in 1...20 {
                    try await scene.listening(other, "a", queue: "q") { _ in }
                    try await sender.publish(scene.message("a", "\(number)"))
                }
                try await stayer.hears(20)
                try require(stayer.texts, is: (1...20).map(String.init), "what the one who stayed heard")
            }
        },
    ]

    private static func texts(_ count: Int) -> [String] { (1...count).map(String.init).sorted() }

    /// Publishes that many, and waits until each subscription of each bus has had the time to hear all: its buses hear
    /// what comes later then.
    private static func send(
        _ count: Int,
        to subject: String,
        with sender: any EventBus,
        _ scene: EventBusScene,
        whenHeardBy listeners: [Listener]
    ) async throws {
        for number in 1...count { try await sender.publish(scene.message(subject, "\(number)")) }
        let plain = listeners.count == 4 ? [listeners[3]] : Array(listeners[4...])
        for listener in plain { try await listener.hears(count) }
        let members = listeners.count == 4 ? listeners.dropLast() : listeners[..<4]
        // As many as there must be; one too many would have come by the end of the case's last look.
        let wanted = listeners.count == 4 ? count : count * 2
        while members.reduce(0, { $0 + $1.heard.count }) < wanted {
            try await scene.time.sleep(.milliseconds(5))
        }
    }
}
